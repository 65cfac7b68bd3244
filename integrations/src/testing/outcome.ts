/** What an application sees of a call: its result, or its error. */
export type Outcome = { readonly result: unknown } | { readonly error: object };

/** Runs a call to its end. What it gives of itself is compared by value, an error by class and fields. */
export async function outcomeOf(call: () => unknown): Promise<Outcome> {
  try {
    return { result: await call() };
  } catch (error) {
    const { name, message, status, code, type } = error as Record<string, unknown>;
    return { error: { class: (error as object).constructor.name, name, message, status, code, type } };
  }
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
