import { seededRandom } from '../../../../protocol/src/testing/sample-events';
import { align, type Pairs } from './align';

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const sorted = (pairs: Pairs): string[] => pairs.map((pair) => pair.join('-')).sort();
const keys = (length: number, random: () => number, kinds: number): number[] =>
  Array.from({ length }, () => Math.floor(random() * kinds));

describe('align', () => {
  it('is not shifted by one more, whether in the middle or between equals', () => {
    expect(sorted(align([1, 2, 3], [1, 9, 2, 3]))).toEqual(['0-0', '1-2', '2-3']);
    expect(align([7, 7, 7], [7, 7])).toHaveLength(2);
    expect(sorted(align([1, 7, 7, 2], [1, 7, 2]))).toEqual(['0-0', '1-1', '3-2']);
  });

  it('pairs what came in another order', () => {
    expect(sorted(align([1, 2], [2, 1]))).toEqual(['0-1', '1-0']);
  });

  it.each(SEEDS)(
    'pairs equals only, each once, as many as there can be, and the same the other way round (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const kinds = 1 + Math.floor(random() * 6);
      const [a, b] = [keys(Math.floor(random() * 20), random, kinds), keys(Math.floor(random() * 20), random, kinds)];
      const pairs = align(a, b);
      for (const [i, j] of pairs) expect(a[i]).toBe(b[j]);
      expect(new Set(pairs.map(([i]) => i)).size).toBe(pairs.length);
      expect(new Set(pairs.map(([, j]) => j)).size).toBe(pairs.length);
      const count = (list: number[], key: number): number => list.filter((other) => other === key).length;
      const most = Array.from({ length: kinds }, (_, key) => Math.min(count(a, key), count(b, key)));
      expect(pairs).toHaveLength(most.reduce((x, y) => x + y, 0));
      expect(sorted(align(b, a).map(([j, i]) => [i, j] as const))).toEqual(sorted(pairs));
    },
  );

  it('pairs equals in their order where there are too many to look at all pairs', () => {
    const a = Array.from({ length: 20_000 }, (_, i) => i);
    const pairs = align(a, [...a].reverse());
    expect(pairs).toHaveLength(20_000);
    for (const [i, j] of pairs) expect(i + j).toBe(19_999);
  });
});
