import { seededRandom, shuffle } from '../testing/sample-events';
import { countSeqs, EMPTY_SEQS, formatSeqs, lastSeq, missingSeqs, toSeqs, unionSeqs } from './seq-set';

describe('seq set', () => {
  it('makes ranges of numbers in any order', () => {
    expect(toSeqs([3, 1, 2, 7, 2, 8])).toEqual([
      [1, 3],
      [7, 8],
    ]);
    expect(toSeqs([])).toEqual([]);
  });

  it('knows holes, count, last number and text', () => {
    const set = toSeqs([1, 2, 5, 9]);
    expect(missingSeqs(set)).toEqual([
      [0, 0],
      [3, 4],
      [6, 8],
    ]);
    expect(countSeqs(set)).toBe(4);
    expect(lastSeq(set)).toBe(9);
    expect(lastSeq(EMPTY_SEQS)).toBe(-1);
    expect(formatSeqs(missingSeqs(set))).toBe('0, 3–4, 6–8');
  });

  it('returns the first set itself when the second adds nothing', () => {
    const set = toSeqs([1, 2, 5]);
    expect(unionSeqs(set, EMPTY_SEQS)).toBe(set);
    expect(unionSeqs(EMPTY_SEQS, EMPTY_SEQS)).toBe(EMPTY_SEQS);
    expect(unionSeqs(EMPTY_SEQS, set)).toEqual(set);
  });

  it('joins as a set does', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const numbers = shuffle(
        Array.from({ length: 40 }, (_, i) => i),
        random,
      );
      const a = numbers.slice(0, Math.floor(random() * 40));
      const b = numbers.slice(Math.floor(random() * 40));
      const joined = unionSeqs(toSeqs(a), toSeqs(b));
      expect(joined).toEqual(toSeqs([...a, ...b]));
      expect(unionSeqs(joined, toSeqs(b))).toBe(joined);
    }
  });
});
