import { rollUp, type RollUp, type SlotSums } from './roll-up';
import type { EndedCheckpoint } from './rows';
import { addHistogram, countInHistogram } from './slots';

interface Sums extends SlotSums {
  checkpoint: string;
  count: number;
}

/** Counts ends by name; those without one are not counted. */
const counting: RollUp<Sums> = {
  keyOf: ({ checkpoint }) => (checkpoint === '' ? undefined : checkpoint),
  begin: ({ checkpoint }) => ({ checkpoint, count: 0 }),
  addEnd(sums, { durationMs }, times) {
    sums.count += times;
    countInHistogram(sums.histogram, durationMs ?? 0, times);
  },
  addSums(sums, other) {
    sums.count += other.count;
    addHistogram(sums.histogram, other.histogram);
  },
};

const HOUR_S = 3_600;
const end = (checkpoint: string, atS: number): EndedCheckpoint => ({
  checkpoint,
  status: 'ok',
  endedTs: atS * 1_000,
  durationMs: 0,
  inputTokens: 0,
  outputTokens: 0,
  call: { model: '', cachedInputTokens: 0, firstChunkMs: null },
  isCorrection: false,
});
const rowsOf = (ended: EndedCheckpoint[], takenBack: EndedCheckpoint[] = []) =>
  rollUp(counting, { ended, takenBack }).map((row) => [row.checkpoint, row.slotSeconds, row.slotAt, row.count]);

describe('rollUp', () => {
  it('counts an end once in a slot of each width', () => {
    expect(rowsOf([end('a', HOUR_S + 725)])).toEqual([
      ['a', 3_600, HOUR_S, 1],
      ['a', 600, HOUR_S + 600, 1],
      ['a', 60, HOUR_S + 720, 1],
    ]);
  });

  it('makes wide slots the sums of the narrow ones in them, and leaves those as they are', () => {
    const ended = [end('a', HOUR_S + 10), end('a', HOUR_S + 50), end('a', HOUR_S + 70), end('a', HOUR_S + 1_900)];
    const rows = rollUp(counting, { ended, takenBack: [] });
    expect(rows.map((row) => [row.slotSeconds, row.slotAt - HOUR_S, row.count, row.histogram])).toEqual([
      [3_600, 0, 4, [4]],
      [600, 0, 3, [3]],
      [600, 1_800, 1, [1]],
      [60, 0, 2, [2]],
      [60, 60, 1, [1]],
      [60, 1_860, 1, [1]],
    ]);
  });

  it('takes back what does not hold, from slots of its own, too', () => {
    expect(rowsOf([end('a', HOUR_S)], [end('a', HOUR_S), end('b', HOUR_S)])).toEqual([
      ['a', 3_600, HOUR_S, 0],
      ['b', 3_600, HOUR_S, -1],
      ['a', 600, HOUR_S, 0],
      ['b', 600, HOUR_S, -1],
      ['a', 60, HOUR_S, 0],
      ['b', 60, HOUR_S, -1],
    ]);
  });

  it('leaves out what the rule does not count', () => {
    expect(rowsOf([end('', HOUR_S)])).toEqual([]);
  });

  it('gives rows in one order, whatever that of the ends', () => {
    const ended = [end('b', HOUR_S), end('a', 2 * HOUR_S), end('a', HOUR_S), end('c', HOUR_S + 60)];
    const expected = rowsOf(ended);
    expect(rowsOf(ended.toReversed())).toEqual(expected);
    expect(rowsOf([ended[2]!, ended[0]!, ended[3]!, ended[1]!])).toEqual(expected);
  });
});
