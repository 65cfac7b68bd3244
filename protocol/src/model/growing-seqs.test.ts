import { seededRandom } from '../testing/sample-events';
import { createGrowingSeqs } from './growing-seqs';
import { lastSeq, missingSeqs, toSeqs, unionSeqs } from './seq-set';

describe('growing seqs', () => {
  it('equal a set made at once, after each step', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const seqs = createGrowingSeqs();
      let expected = toSeqs([]);
      for (let step = 0; step < 40; step++) {
        const from = Math.floor(random() * 40);
        const to = from + (random() < 0.7 ? 0 : Math.floor(random() * 10));
        const joined = unionSeqs(expected, [[from, to]]);
        expect(seqs.add(from, to)).toBe(joined !== expected);
        expected = joined;
        expect([seqs.last(), seqs.missing()]).toEqual([lastSeq(expected), missingSeqs(expected)]);
      }
    }
  });

  it('keep the holes as they are while only the next numbers come', () => {
    const seqs = createGrowingSeqs();
    seqs.add(0, 2);
    seqs.add(5, 5);
    const holes = seqs.missing();
    seqs.add(6, 6);
    expect(seqs.missing()).toBe(holes);
    seqs.add(3, 3);
    expect(seqs.missing()).toEqual([[4, 4]]);
  });
});
