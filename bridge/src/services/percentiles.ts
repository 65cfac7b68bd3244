/** Bounds of the buckets of SQL's `flow.duration_bucket`: 20 a factor of ten, from 0.01 ms. */
const FIRST_BOUND_MS = 0.01;
const BUCKETS_PER_DECADE = 20;

/** Where bucket `bucket` begins; fractions lie inside of it, in geometric measure. */
function boundMs(bucket: number): number {
  return FIRST_BOUND_MS * 10 ** (bucket / BUCKETS_PER_DECADE);
}

/**
 * The duration that a part of all is at most as long as, read from a histogram. Within a bucket durations are taken as
 * evenly spread over its logarithm, so the answer is off by less than the 12 % that a bucket is wide.
 *
 * @param part from 0 to 1
 * @returns ms, or null for an empty histogram
 */
export function percentile(histogram: readonly number[], part: number): number | null {
  const total = histogram.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  const rank = part * total;
  let below = 0;
  for (const [bucket, n] of histogram.entries()) {
    if (n > 0 && below + n >= rank) return boundMs(bucket + (rank - below) / n);
    below += n;
  }
  return boundMs(histogram.length);
}

/** Adds a histogram to a sum, which grows as long as the longer one. */
export function addHistogram(sum: number[], histogram: readonly number[]): void {
  for (const [bucket, n] of histogram.entries()) sum[bucket] = (sum[bucket] ?? 0) + n;
}
