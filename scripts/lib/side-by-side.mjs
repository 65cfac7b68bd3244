/**
 * Runs works side by side; the first failure aborts the others and is thrown once all have ended, so that nothing goes
 * on in the background.
 *
 * @template {[] | ((abort: AbortSignal) => Promise<unknown>)[]} T
 * @param {AbortSignal} outer
 * @param {T} works
 * @returns {Promise<{ [I in keyof T]: Awaited<ReturnType<T[I]>> }>}
 */
export async function sideBySide(outer, works) {
  const inner = new AbortController();
  const abort = AbortSignal.any([outer, inner.signal]);
  /** @type {{ error: unknown } | undefined} */
  let first;
  const results = await Promise.all(
    works.map(async (work) => {
      try {
        return await work(abort);
      } catch (error) {
        first ??= { error };
        inner.abort(error);
        return undefined;
      }
    }),
  );
  if (first !== undefined) throw first.error;
  return /** @type {any} */ (results);
}
