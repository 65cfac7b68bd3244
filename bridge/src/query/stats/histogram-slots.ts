import { boundMs } from './percentiles';

/** Buckets of the roll-up that one of the answer joins: five a factor of ten are left. */
const JOINED = 4;

/** Histograms by begin of slot, in the buckets of the roll-up. */
export type HistogramsBySlot = ReadonlyMap<number, readonly number[]>;

/** Joins buckets, and leaves out those before the first and behind the last in which there is something. */
export function joinBuckets(bySlot: HistogramsBySlot): {
  bounds_ms: number[];
  slots: { ts: number; counts: number[] }[];
} {
  const joined = [...bySlot].map(([ts, histogram]) => {
    const counts: number[] = [];
    for (const [bucket, n] of histogram.entries()) {
      const at = Math.floor(bucket / JOINED);
      counts[at] = (counts[at] ?? 0) + n;
    }
    return { ts, counts };
  });
  let first = Infinity;
  let last = -1;
  for (const { counts } of joined) {
    for (const [at, n] of counts.entries()) {
      if (n === 0) continue;
      first = Math.min(first, at);
      last = Math.max(last, at);
    }
  }
  if (last < 0) return { bounds_ms: [], slots: [] };
  const places = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return {
    bounds_ms: [...places, last + 1].map((at) => boundMs(at * JOINED)),
    slots: joined
      .map(({ ts, counts }) => ({ ts, counts: places.map((at) => counts[at] ?? 0) }))
      .filter(({ counts }) => counts.some((n) => n > 0))
      .sort((a, b) => a.ts - b.ts),
  };
}
