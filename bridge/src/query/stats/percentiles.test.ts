import { addHistogram, percentiles } from './percentiles';

const percentile = (histogram: readonly number[], part: number): number | null =>
  percentiles(histogram, [part])[0] ?? null;

/** Bucket of a duration, as SQL's `flow.duration_bucket` has it. */
const bucketOf = (ms: number): number => (ms < 0.01 ? 0 : Math.min(199, Math.floor(20 * Math.log10(ms) + 40)));

function histogramOf(durations: readonly number[]): number[] {
  const histogram: number[] = [];
  for (const ms of durations) {
    const bucket = bucketOf(ms);
    while (histogram.length <= bucket) histogram.push(0);
    histogram[bucket]! += 1;
  }
  return histogram;
}

describe('percentiles', () => {
  it('is null when nothing was measured', () => {
    expect(percentiles([], [0.5, 0.99])).toEqual([null, null]);
    expect(percentiles([0, 0], [0.5])).toEqual([null]);
  });

  it('interpolates in geometric measure inside a bucket', () => {
    const histogram = Array.from({ length: 41 }, (_, bucket) => (bucket === 40 ? 8 : 0));
    expect(percentile(histogram, 0.5)).toBeCloseTo(10 ** (0.5 / 20), 10);
    expect(percentile(histogram, 1)).toBeCloseTo(10 ** (1 / 20), 10);
  });

  it.each([0.5, 0.95, 0.99])('is within 12 %% of the exact one at %d', (part) => {
    // Spread over four orders of magnitude.
    const durations = Array.from({ length: 10_000 }, (_, i) => 0.5 * 10 ** ((i / 10_000) * 4));
    const exact = durations[Math.ceil(part * durations.length) - 1]!;
    expect(Math.abs(percentile(histogramOf(durations), part)! / exact - 1)).toBeLessThan(0.12);
  });

  it('begins where the first bucket that is not empty does', () => {
    expect(percentile([0, 0, 4], 0)).toBeCloseTo(0.01 * 10 ** (2 / 20), 10);
  });

  it('skips empty buckets between two that are not', () => {
    const histogram = histogramOf([1, 1, 1, 1000]);
    expect(percentile(histogram, 0.75)).toBeLessThan(1.13);
    expect(percentile(histogram, 0.76)).toBeGreaterThanOrEqual(1000);
  });
});

describe('several percentiles', () => {
  it('are those of each alone, also when they lie in one bucket', () => {
    for (const histogram of [[0, 100], [1, 0, 50, 49], [1], histogramOf([1, 2, 3, 500])]) {
      const parts = [0, 0.5, 0.95, 0.99, 1];
      expect(percentiles(histogram, parts)).toEqual(parts.map((part) => percentile(histogram, part)));
    }
  });
});

describe('addHistogram', () => {
  it('grows to the longer one, and to its own end when that is shorter', () => {
    const sum: number[] = [];
    for (const histogram of ['1,2', '0,0,105', '', '1']) addHistogram(sum, histogram);
    expect(sum).toEqual([2, 2, 105]);
  });

  it('takes a count below nothing, of which more was taken back than there was, for nothing', () => {
    const sum = [1, 1, 1];
    addHistogram(sum, '2,-3,4');
    expect(sum).toEqual([3, 1, 5]);
  });

  it('adds nothing of a histogram without buckets', () => {
    const sum: number[] = [];
    addHistogram(sum, '');
    expect(sum).toEqual([]);
  });
});
