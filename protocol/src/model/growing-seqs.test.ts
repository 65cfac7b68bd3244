import { seededRandom } from '../testing/sample-events';
import { createGrowingSeqs } from './growing-seqs';
import { lastSeq, missingSeqs, toSeqs, unionSeqs } from './seq-set';

describe('growing seqs', () => {
  it('equal a set made at once, after each step', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const seqs = createGrowingSeqs();
      let expected = toSeqs([]);
      const got: unknown[] = [];
      const wanted: unknown[] = [];
      for (let step = 0; step < 40; step++) {
        const from = Math.floor(random() * 40);
        const to = from + (random() < 0.7 ? 0 : Math.floor(random() * 10));
        const joined = unionSeqs(expected, [[from, to]]);
        got.push([seqs.add(from, to), seqs.last(), seqs.missing()]);
        wanted.push([joined !== expected, lastSeq(joined), missingSeqs(joined)]);
        expected = joined;
      }
      expect(got).toEqual(wanted);
    }
  });

  it('keep the holes as they are while only the next numbers come', () => {
    const seqs = createGrowingSeqs();
    const none = seqs.missing();
    seqs.add(0, 2);
    expect(seqs.missing()).toBe(none);
    seqs.add(5, 5);
    const holes = seqs.missing();
    seqs.add(6, 6);
    expect(seqs.missing()).toBe(holes);
    seqs.add(3, 3);
    expect(seqs.missing()).toEqual([[4, 4]]);
  });
});
