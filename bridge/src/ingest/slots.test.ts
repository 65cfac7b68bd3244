import { addHistogram, countableTokens, countInHistogram, durationBucket, slotBegin } from './slots';

describe('slotBegin', () => {
  it('is the minute that a moment falls into, in seconds', () => {
    expect([0, 59_999, 60_000, 1_760_000_030_500].map(slotBegin)).toEqual([0, 0, 60, 1_759_999_980]);
  });
});

describe('durationBucket', () => {
  it('is one of 20 a factor of ten, from 0.01 ms', () => {
    expect([0.01, 0.1, 1, 10, 1_000].map(durationBucket)).toEqual([0, 20, 40, 60, 100]);
    expect(durationBucket(10 ** (1 / 20) - 1e-9)).toBe(40);
    expect(durationBucket(10 ** (1 / 20) + 1e-9)).toBe(41);
  });

  it('is the first for what is shorter, and the last for what is longer', () => {
    expect([0, -1, 0.009].map(durationBucket)).toEqual([0, 0, 0]);
    expect([10 ** 7.94, 10 ** 7.96, 1e30].map(durationBucket)).toEqual([198, 199, 199]);
  });
});

describe('a histogram', () => {
  it('grows as long as it must, and takes a duration back', () => {
    const histogram: number[] = [];
    countInHistogram(histogram, 0.012, 1);
    countInHistogram(histogram, 0.015, 1);
    expect(histogram).toEqual([0, 1, 0, 1]);
    countInHistogram(histogram, 0.012, -1);
    expect(histogram).toEqual([0, 0, 0, 1]);
  });

  it('takes the counts of another, longer or shorter', () => {
    const histogram = [1];
    for (const other of [[1, 0, 2], [4]]) addHistogram(histogram, other);
    expect(histogram).toEqual([6, 0, 2]);
  });
});

describe('countableTokens', () => {
  it('stay where they are once JavaScript can not count on', () => {
    expect([7, Number.MAX_SAFE_INTEGER, 1e300].map(countableTokens)).toEqual([
      7,
      Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
    ]);
  });
});
