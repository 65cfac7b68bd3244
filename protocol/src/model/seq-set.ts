/** A set of event numbers as sorted, disjoint, inclusive ranges: a flow whose events came in order is one range. */
export type SeqRange = readonly [from: number, to: number];
export type SeqSet = readonly SeqRange[];

export const EMPTY_SEQS: SeqSet = [];

/** Joins two sets in one walk over both; the first is returned itself when the second adds nothing. */
export function unionSeqs(a: SeqSet, b: SeqSet): SeqSet {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const result: SeqRange[] = [];
  let from = 0;
  let to = -2;
  const take = (range: SeqRange): void => {
    if (range[0] <= to + 1) {
      if (range[1] > to) to = range[1];
      return;
    }
    if (to >= from) result.push([from, to]);
    [from, to] = range;
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && (right === undefined || left[0] <= right[0])) {
      take(left);
      i++;
    } else if (right !== undefined) {
      take(right);
      j++;
    }
  }
  result.push([from, to]);
  return sameSeqs(result, a) ? a : result;
}

function sameSeqs(a: SeqSet, b: SeqSet): boolean {
  return a.length === b.length && a.every((range, i) => range[0] === b[i]?.[0] && range[1] === b[i][1]);
}

/** Makes a set of event numbers in any order, repeated or not. */
export function toSeqs(numbers: readonly number[]): SeqSet {
  const sorted = [...numbers].sort((a, b) => a - b);
  const result: [number, number][] = [];
  for (const seq of sorted) {
    const last = result.at(-1);
    if (last !== undefined && seq <= last[1] + 1) last[1] = seq;
    else result.push([seq, seq]);
  }
  return result;
}

/** The highest number of the set, or -1. */
export function lastSeq(set: SeqSet): number {
  return set.at(-1)?.[1] ?? -1;
}

/** The holes from 0 up to the highest number. */
export function missingSeqs(set: SeqSet): SeqSet {
  const holes: SeqRange[] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) holes.push([next, from - 1]);
    next = to + 1;
  }
  return holes;
}

/** How many numbers the set holds. */
export function countSeqs(set: SeqSet): number {
  return set.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** `3, 7–9`. */
export function formatSeqs(set: SeqSet): string {
  return set.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
}
