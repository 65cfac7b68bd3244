/**
 * V8 keeps a concatenation as a tree until somebody reads it; what goes into many events is read once, here, so that it
 * is one leaf in all of their trees.
 */
export function flat(text: string): string {
  Number(text);
  return text;
}

/** A text that follows from a number, from a table for 0 and up to `count` of them. */
export function tableOf(count: number, make: (n: number) => string): (n: number) => string {
  const texts = Array.from({ length: count }, (_, n) => flat(make(n)));
  return (n) => texts[n] ?? make(n);
}
