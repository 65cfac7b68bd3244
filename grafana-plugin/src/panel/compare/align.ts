/** More pairs than this among the children of two nodes are not looked at: then equals are paired in their order. */
const MOST_PAIRS = 90_000;

/** Pairs of positions, in two lists of keys, that stand for the same; each position at most once. */
export type Pairs = readonly (readonly [a: number, b: number])[];

/** An order of keys that does not depend on which flow they were met in first. */
type IsBefore = (a: number, b: number) => boolean;

/** Whether `a` is the one to walk first, whichever list came first: so that two lists align as they do the other way round. */
function comesFirst(a: readonly number[], b: readonly number[], isBefore: IsBefore): boolean {
  if (a.length !== b.length) return a.length < b.length;
  const at = a.findIndex((key, i) => key !== b[i]);
  return at === -1 || isBefore(a[at] ?? 0, b[at] ?? 0);
}

/** The longest common subsequence, by the table of its lengths. */
function subsequence(a: readonly number[], b: readonly number[]): [number, number][] {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      lengths[at] =
        a[i] === b[j] ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const at = i * width + j;
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if ((lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0)) i++;
    else j++;
  }
  return pairs;
}

/** Pairs what is left over of each key in its order, for calls that ran at once come in any. */
function addEquals(a: readonly number[], b: readonly number[], pairs: [number, number][]): void {
  const taken = { a: new Set(pairs.map(([i]) => i)), b: new Set(pairs.map(([, j]) => j)) };
  const left = new Map<number, number[]>();
  b.forEach((key, j) => {
    if (taken.b.has(j)) return;
    const own = left.get(key);
    if (own === undefined) left.set(key, [j]);
    else own.push(j);
  });
  const read = new Map<number, number>();
  a.forEach((key, i) => {
    if (taken.a.has(i)) return;
    const next = read.get(key) ?? 0;
    const j = left.get(key)?.[next];
    if (j === undefined) return;
    read.set(key, next + 1);
    pairs.push([i, j]);
  });
}

/**
 * Pairs equal keys of two lists so that one more or one less of them shifts no other: the longest common subsequence, then
 * what is left over in its order. Swapped lists give swapped pairs.
 *
 * @returns in no order
 */
export function align(a: readonly number[], b: readonly number[], isBefore: IsBefore = (x, y) => x < y): Pairs {
  const shorter = Math.min(a.length, b.length);
  let begin = 0;
  while (begin < shorter && a[begin] === b[begin]) begin++;
  let end = 0;
  while (end < shorter - begin && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const pairs: [number, number][] = [];
  for (let i = 0; i < begin; i++) pairs.push([i, i]);
  for (let i = 1; i <= end; i++) pairs.push([a.length - i, b.length - i]);
  const [restA, restB] = [a.slice(begin, a.length - end), b.slice(begin, b.length - end)];
  if (restA.length === 0 || restB.length === 0) return pairs;
  const isTooLarge = restA.length * restB.length > MOST_PAIRS;
  const swaps = !comesFirst(restA, restB, isBefore);
  const middle = isTooLarge ? [] : swaps ? subsequence(restB, restA) : subsequence(restA, restB);
  const own = middle.map(([i, j]): [number, number] => (swaps ? [j, i] : [i, j]));
  addEquals(restA, restB, own);
  for (const [i, j] of own) pairs.push([i + begin, j + begin]);
  return pairs;
}
