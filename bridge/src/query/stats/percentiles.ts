/** Bounds of the buckets of SQL's `flow.duration_bucket`: 20 a factor of ten, from 0.01 ms. */
const FIRST_BOUND_MS = 0.01;
const BUCKETS_PER_DECADE = 20;

/** Where bucket `bucket` begins; fractions lie inside of it, in geometric measure. */
export function boundMs(bucket: number): number {
  return FIRST_BOUND_MS * 10 ** (bucket / BUCKETS_PER_DECADE);
}

/** How many durations a histogram holds. */
export function histogramTotal(histogram: readonly number[]): number {
  let total = 0;
  for (const n of histogram) total += n;
  return total;
}

/**
 * The durations that parts of all are at most as long as, read from a histogram in one go. Within a bucket durations are
 * taken as evenly spread over its logarithm, so an answer is off by less than the 12 % that a bucket is wide.
 *
 * @param parts from 0 to 1, in ascending order
 * @returns ms of each part; null for an empty histogram
 */
export function percentiles(histogram: readonly number[], parts: readonly number[]): (number | null)[] {
  const total = histogramTotal(histogram);
  if (total === 0) return parts.map(() => null);
  const found: number[] = [];
  let below = 0;
  for (let bucket = 0; bucket < histogram.length; bucket++) {
    const n = histogram[bucket] ?? 0;
    if (n === 0) continue;
    for (let part = parts[found.length]; part !== undefined; part = parts[found.length]) {
      const rank = part * total;
      if (below + n < rank) break;
      found.push(boundMs(bucket + (rank - below) / n));
    }
    below += n;
  }
  return found;
}

const COMMA = 44;
const ZERO = 48;
const MINUS = 45;

/** Adds a histogram, given as `3,0,12`, to a sum, which grows as long as the longer one. What is below nothing is nothing. */
export function addHistogram(sum: number[], text: string): void {
  if (text === '') return;
  let bucket = 0;
  let n = 0;
  let isBelow = false;
  // Taken apart by hand: split and map would make up half of the time that an answer takes.
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? COMMA : text.charCodeAt(i);
    if (code === COMMA) {
      sum[bucket] = (sum[bucket] ?? 0) + (isBelow ? 0 : n);
      bucket += 1;
      n = 0;
      isBelow = false;
    } else if (code === MINUS) {
      isBelow = true;
    } else {
      n = n * 10 + code - ZERO;
    }
  }
}
