import { joinBuckets } from './histogram-slots';

/** A histogram of the roll-up that counts so many at each bucket. */
function histogramOf(counts: Record<number, number>): number[] {
  const histogram: number[] = Array.from({ length: 1 + Math.max(...Object.keys(counts).map(Number)) }, () => 0);
  for (const [bucket, n] of Object.entries(counts)) histogram[Number(bucket)] = n;
  return histogram;
}

describe('joinBuckets', () => {
  it('joins four buckets into one, with a bound before each and one behind the last', () => {
    const { bounds_ms, slots } = joinBuckets(new Map([[60, histogramOf({ 40: 1, 43: 2, 44: 5, 51: 7 })]]));
    expect(slots).toEqual([{ ts: 60, counts: [3, 5, 7] }]);
    expect(bounds_ms).toEqual([1, 10 ** 0.2, 10 ** 0.4, 10 ** 0.6].map((ms) => expect.closeTo(ms, 10) as number));
  });

  it('leaves out what is empty before the first and behind the last of all slots, and nothing between', () => {
    const { bounds_ms, slots } = joinBuckets(
      new Map([
        [120, histogramOf({ 8: 1, 60: 0 })],
        [60, histogramOf({ 20: 2 })],
      ]),
    );
    expect(slots).toEqual([
      { ts: 60, counts: [0, 0, 0, 2] },
      { ts: 120, counts: [1, 0, 0, 0] },
    ]);
    expect(bounds_ms).toHaveLength(5);
  });

  it('has what is in the very first bucket', () => {
    expect(joinBuckets(new Map([[60, [4]]]))).toEqual({
      bounds_ms: [expect.closeTo(0.01, 10), expect.closeTo(0.01 * 10 ** 0.2, 10)],
      slots: [{ ts: 60, counts: [4] }],
    });
  });

  it('leaves out slots with nothing in them', () => {
    const { slots } = joinBuckets(
      new Map([
        [60, []],
        [120, [0, 0]],
        [180, [0, 1]],
      ]),
    );
    expect(slots.map(({ ts }) => ts)).toEqual([180]);
    expect(joinBuckets(new Map([[60, [0, 0]]]))).toEqual({ bounds_ms: [], slots: [] });
  });
});
