/** What `fn` returns; undefined when it throws. What we fail to read of a call must not become an error of the call. */
export function quietly<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}
