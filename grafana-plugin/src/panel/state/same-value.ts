/** Whether two records of the same fields hold the same; quicker than {@link isSameValue} when most fields are plain. */
export function isSameRecord<T extends object>(a: T, b: T): boolean {
  for (const name in a) if (a[name] !== b[name] && !isSameValue(a[name], b[name])) return false;
  return true;
}

/** Whether two values would read the same as JSON. Iterative, since attributes may be 10,000 levels deep. */
export function isSameValue(a: unknown, b: unknown): boolean {
  const pairs: [unknown, unknown][] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    if (Object.is(left, right)) continue;
    if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
    if (Array.isArray(left) !== Array.isArray(right)) return false;
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(right, name)) return false;
      pairs.push([(left as Record<string, unknown>)[name], (right as Record<string, unknown>)[name]]);
    }
  }
  return true;
}
