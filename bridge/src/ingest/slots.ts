/** Widths of slot that the roll-ups have, in seconds: whole numbers of the narrowest. */
export const SLOT_SECONDS = [60, 600, 3600] as const;
export const NARROWEST_SECONDS = SLOT_SECONDS[0];
const LAST_BUCKET = 199;

/** Begin of the narrowest slot that a moment, in epoch ms, falls into; epoch s. */
export function slotBegin(ts: number): number {
  return Math.floor(ts / 1000 / NARROWEST_SECONDS) * NARROWEST_SECONDS;
}

/** The same as SQL's `flow.duration_bucket`: 20 buckets a factor of ten, from 0.01 ms. */
export function durationBucket(durationMs: number): number {
  if (durationMs < 0.01) return 0;
  return Math.min(LAST_BUCKET, Math.floor(20 * Math.log10(durationMs) + 40));
}

/** Counts a duration in a histogram, which grows as long as it must; or takes it back. */
export function countInHistogram(histogram: number[], durationMs: number, times: 1 | -1): void {
  addToBucket(histogram, durationBucket(durationMs), times);
}

/** Adds the counts of the second histogram to the first. */
export function addHistogram(histogram: number[], other: readonly number[]): void {
  other.forEach((count, bucket) => addToBucket(histogram, bucket, count));
}

function addToBucket(histogram: number[], bucket: number, count: number): void {
  while (histogram.length <= bucket) histogram.push(0);
  histogram[bucket] = (histogram[bucket] ?? 0) + count;
}

/** A sum of tokens as Postgres is given it: it stays where it is once JavaScript can't count on. */
export function countableTokens(tokens: number): number {
  return Math.min(tokens, Number.MAX_SAFE_INTEGER);
}

/** SQL that adds a sum of tokens to that of table `t`: it stays where it is once JavaScript can't count on. */
export function addTokens(column: string): string {
  return `${column} = t.${column} + LEAST(EXCLUDED.${column}, ${Number.MAX_SAFE_INTEGER} - t.${column})`;
}
