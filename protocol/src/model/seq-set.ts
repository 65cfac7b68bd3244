/** A set of event numbers as sorted, disjoint, inclusive ranges: a flow whose events came in order is one range. */
export type SeqRange = readonly [from: number, to: number];
export type SeqSet = readonly SeqRange[];

export const EMPTY_SEQS: SeqSet = [];

/** Joins two sets; the first is returned itself when the second adds nothing. */
export function unionSeqs(a: SeqSet, b: SeqSet): SeqSet {
  const result = joinRanges([...a, ...b]);
  return countSeqs(result) === countSeqs(a) ? a : result;
}

/** Makes a set of event numbers in any order, repeated or not. */
export function toSeqs(numbers: readonly number[]): SeqSet {
  return joinRanges(numbers.map((seq) => [seq, seq]));
}

/** Makes a set of ranges in any order, which may touch and overlap. */
function joinRanges(ranges: SeqRange[]): SeqSet {
  const result: [from: number, to: number][] = [];
  for (const [from, to] of ranges.sort(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
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
