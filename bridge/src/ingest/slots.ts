/** Widths of slot that the roll-ups have, in seconds. */
export const SLOT_SECONDS = [60, 600, 3600] as const;
const LAST_BUCKET = 199;

/** Begin of the slot that a moment, in epoch ms, falls into; epoch s. */
export function slotBegin(ts: number, slotSeconds: number): number {
  return Math.floor(ts / 1000 / slotSeconds) * slotSeconds;
}

/** The same as SQL's `flow.duration_bucket`: 20 buckets a factor of ten, from 0.01 ms. */
export function durationBucket(durationMs: number): number {
  if (durationMs < 0.01) return 0;
  return Math.min(LAST_BUCKET, Math.floor(20 * Math.log10(durationMs) + 40));
}

/** Counts a duration in a histogram, which grows as long as it must; or takes it back. */
export function countInHistogram(histogram: number[], durationMs: number, times: 1 | -1): void {
  const bucket = durationBucket(durationMs);
  while (histogram.length <= bucket) histogram.push(0);
  histogram[bucket] = (histogram[bucket] ?? 0) + times;
}

/** Of sums in slots, all in one order: two bridges that lock the same rows in another order deadlock. */
export function inKeyOrder<Sum>(sums: ReadonlyMap<string, Sum>): Sum[] {
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** A sum of tokens as Postgres is given it: it stays where it is once JavaScript can't count on. */
export function countableTokens(tokens: number): number {
  return Math.min(tokens, Number.MAX_SAFE_INTEGER);
}
