/** A whole number of rows from 1 to `most`; what is none is `fallback`. */
export function readLimit(given: unknown, fallback: number, most: number): number {
  const limit = typeof given === 'number' && Number.isFinite(given) ? Math.trunc(given) : fallback;
  return Math.min(most, Math.max(1, limit));
}
