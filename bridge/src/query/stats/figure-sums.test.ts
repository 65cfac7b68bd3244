import type { CallRow } from './call-stats-store';
import type { StatsRow } from './checkpoint-stats-store';
import { sumRows, toFigures, type FigureSum } from './figure-sums';

/** Bucket 40 of the roll-up begins at 1 ms. */
const AT_1_MS = `${'0,'.repeat(40)}`;

const row = (ts: number, fields: Partial<StatsRow> = {}): StatsRow => ({
  checkpoint: 'a',
  ts,
  count: 4,
  errors: 1,
  durationSumMs: 8,
  inputTokens: 100,
  outputTokens: 10,
  histogram: `${AT_1_MS}4`,
  ...fields,
});
const call = (ts: number, fields: Partial<CallRow> = {}): CallRow => ({
  checkpoint: 'a',
  ts,
  model: 'm',
  count: 2,
  inputTokens: 100,
  cachedInputTokens: 30,
  outputTokens: 10,
  histograms: [`${AT_1_MS}1`, `${AT_1_MS}1`],
  ...fields,
});

const sum = async (rows: StatsRow[], calls: CallRow[] = []): Promise<FigureSum> =>
  (await sumRows(rows, calls, ['a'], 60)).get('a')!.total;

describe('sumRows', () => {
  it('sums the slots of each interval, and of all', async () => {
    const sums = await sumRows([row(60), row(110), row(120)], [], ['a'], 60);
    const { total, byInterval } = sums.get('a')!;
    expect([...byInterval].map(([ts, { count }]) => [ts, count])).toEqual([
      [60, 8],
      [120, 4],
    ]);
    expect(total).toMatchObject({ count: 12, errors: 3, durationSumMs: 24, inputTokens: 300, outputTokens: 30 });
    expect(total.histogram.at(-1)).toBe(12);
  });

  it('has every checkpoint that is asked for, also without a slot, and no other', async () => {
    const sums = await sumRows(
      [row(60), row(60, { checkpoint: 'other' })],
      [call(60, { checkpoint: 'other' })],
      ['a', 'b'],
      60,
    );
    expect([...sums].map(([name, { total }]) => [name, total.count])).toEqual([
      ['a', 4],
      ['b', 0],
    ]);
  });

  it('sums model calls by model, in the intervals that there are', async () => {
    const calls = [call(60), call(110), call(60, { model: 'n', count: 1 }), call(180)];
    const { total, byInterval } = (await sumRows([row(60)], calls, ['a'], 60)).get('a')!;
    const m = { count: 4, input_tokens: 200, cached_input_tokens: 60, output_tokens: 20 };
    const n = { count: 1, input_tokens: 100, cached_input_tokens: 30, output_tokens: 10 };
    expect(total.models).toEqual(new Map(Object.entries({ m, n })));
    expect(byInterval.get(60)?.models).toEqual(total.models);
    expect(total.firstChunks.at(-1)).toBe(6);
    expect([...byInterval.keys()]).toEqual([60]);
  });

  it.each([
    { of: 'rows', rows: Array.from({ length: 1_000 }, () => row(60)), calls: [] },
    { of: 'calls', rows: [row(60)], calls: Array.from({ length: 1_000 }, () => call(60)) },
  ])('gives way to others after every 500 $of', async ({ rows, calls }) => {
    let turns = 0;
    let goesOn = true;
    const turn = (): void => {
      turns += 1;
      if (goesOn) setImmediate(turn);
    };
    setImmediate(turn);
    await sumRows(rows, calls, ['a'], 60);
    goesOn = false;
    expect(turns).toBe(2);
  });
});

describe('toFigures', () => {
  it('tells counts, rate and percentiles', async () => {
    const figures = toFigures(await sum([row(60)], [call(60)]), 2);
    const inBucket = (part: number): number => expect.closeTo(10 ** (part / 20), 10) as number;
    expect(figures).toEqual({
      count: 4,
      rate: 2,
      errors: 1,
      error_rate: 0.25,
      p50_ms: inBucket(0.5),
      p95_ms: inBucket(0.95),
      p99_ms: inBucket(0.99),
      mean_ms: 2,
      input_tokens: 100,
      output_tokens: 10,
      first_chunk_p50_ms: inBucket(0.5),
      first_chunk_p95_ms: inBucket(0.95),
      first_chunk_p99_ms: inBucket(0.99),
      models: [{ model: 'm', count: 2, input_tokens: 100, cached_input_tokens: 30, output_tokens: 10 }],
    });
  });

  it('tells no times and no rate of errors where nothing ended', async () => {
    expect(toFigures(await sum([]), 60)).toMatchObject({
      rate: 0,
      error_rate: 0,
      p50_ms: null,
      p95_ms: null,
      p99_ms: null,
      mean_ms: null,
      first_chunk_p50_ms: null,
      first_chunk_p95_ms: null,
      first_chunk_p99_ms: null,
      models: [],
    });
  });

  it('lists the models with most tokens first, then by name, without those of which all was taken back', async () => {
    const calls = [
      call(60, { model: 'c' }),
      call(60, { model: 'few', outputTokens: 1 }),
      call(60, { model: 'gone', count: 0 }),
      call(60, { model: 'most', inputTokens: 90, outputTokens: 90 }),
      call(60, { model: 'b' }),
      call(60, { model: 'd' }),
    ];
    const { models } = toFigures(await sum([row(60)], calls), 60);
    expect(models.map(({ model }) => model)).toEqual(['most', 'b', 'c', 'd', 'few']);
  });
});
