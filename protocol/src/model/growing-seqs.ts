import { EMPTY_SEQS, lastSeq, missingSeqs, type SeqSet } from './seq-set';

/** A set of event numbers that grows in place: the next number costs the same however many there are. */
export interface GrowingSeqs {
  /** Adds the numbers from one to another, both included. @returns whether one of them is new */
  add(from: number, to: number): boolean;
  /** The highest number, or -1. */
  last(): number;
  /** The holes from 0 up to the highest number; the same object as long as they do not change. */
  missing(): SeqSet;
}

export function createGrowingSeqs(): GrowingSeqs {
  const ranges: [from: number, to: number][] = [];
  let holes: SeqSet | null = EMPTY_SEQS;

  /** The first range that ends at or after a number. */
  const findEnding = (seq: number): number => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle]?.[1] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(from, to) {
      const newest = ranges.at(-1);
      if (newest !== undefined && from === newest[1] + 1) {
        newest[1] = to;
        return true;
      }
      const first = findEnding(from - 1);
      const merged: [number, number] = [from, to];
      let next = first;
      for (let range = ranges[next]; range !== undefined && range[0] <= to + 1; range = ranges[++next]) {
        if (range[0] <= from && range[1] >= to) return false;
        merged[0] = Math.min(merged[0], range[0]);
        merged[1] = Math.max(merged[1], range[1]);
      }
      ranges.splice(first, next - first, merged);
      holes = null;
      return true;
    },
    last: () => lastSeq(ranges),
    missing() {
      if (holes === null) {
        const found = missingSeqs(ranges);
        holes = found.length === 0 ? EMPTY_SEQS : found;
      }
      return holes;
    },
  };
}
