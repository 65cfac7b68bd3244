import type { CheckpointFigures, CheckpointStats } from '@flow-tracking/protocol';
import { checkpointHue } from '../../../frames/checkpoint-hues';
import { createFigures } from './figures';
import { heatmapFrame, summaryFrame, timeSeriesFrames } from './frames';
import { readCheckpointStatsQuery } from './query';
import { slotWidthS } from './slot-width';

const MINUTE = 60_000;
const DAY = 86_400_000;
const now = 1_800_000_000_000;

describe('slotWidthS', () => {
  it.each([
    ['an hour on a wide panel', 60 * MINUTE, 5_000, 60],
    ['an hour on a narrow one', 60 * MINUTE, 400_000, 600],
    ['a day', DAY, 60_000, 120],
    ['ten days, of which minutes are gone', 10 * DAY, 60_000, 1_200],
    ['forty days, of which tens of minutes are gone', 40 * DAY, 60_000, 3_600],
    ['ten years', 3_650 * DAY, 60_000, 7 * 86_400],
  ])('of %s', (_what, rangeMs, intervalMs, expected) => {
    const widthS = slotWidthS(now - rangeMs, now, intervalMs, now);
    expect(widthS).toBe(expected);
    expect(rangeMs / 1_000 / widthS + 2).toBeLessThanOrEqual(1_000);
  });
});

const figures = (given: Partial<CheckpointFigures>): CheckpointFigures => ({
  count: 2,
  rate: 0.5,
  errors: 1,
  error_rate: 0.5,
  p50_ms: 10,
  p95_ms: 20,
  p99_ms: 30,
  mean_ms: 12,
  input_tokens: 0,
  output_tokens: 0,
  first_chunk_p50_ms: null,
  first_chunk_p95_ms: null,
  first_chunk_p99_ms: null,
  models: [],
  ...given,
});

const prices = { currency: 'EUR', models: [{ model: 'large*', input: 2, output: 10, cachedInput: 1 }] };
const calls = {
  model: 'large-1',
  count: 1,
  input_tokens: 1_000_000,
  cached_input_tokens: 500_000,
  output_tokens: 100_000,
};

describe('timeSeriesFrames', () => {
  const stats: CheckpointStats = {
    from_ts: 0,
    to_ts: 3 * MINUTE,
    interval_s: 60,
    has_more: false,
    checkpoints: [{ checkpoint: 'llm', total: figures({}), slots: [{ ts: MINUTE, ...figures({ models: [calls] }) }] }],
  };

  it('has a frame for each checkpoint and figure, with unit, name and labels', () => {
    const frames = timeSeriesFrames(stats, ['count', 'p95_ms', 'cost'], createFigures(prices));
    expect(frames.map(({ fields: [, value] }) => [value?.config, value?.labels, value?.values])).toEqual([
      [{ unit: 'short', displayNameFromDS: 'llm · Count' }, { checkpoint: 'llm' }, [0, 2, 0]],
      [{ unit: 'ms', displayNameFromDS: 'llm · p95' }, { checkpoint: 'llm' }, [null, 20, null]],
      // Half a million at 2, half a million at 1, a tenth of a million at 10.
      [{ unit: 'currency:€', displayNameFromDS: 'llm · Cost' }, { checkpoint: 'llm' }, [null, 2.5, null]],
    ]);
    expect(
      frames.every(
        ({ meta, fields }) => String(meta?.type) === 'timeseries-multi' && String(fields[0]?.type) === 'time',
      ),
    ).toBe(true);
  });

  it('leaves out what nothing is known of, and gives one figure alone the name and colour of its checkpoint', () => {
    expect(timeSeriesFrames(stats, ['first_chunk_p95_ms', 'cost'], createFigures(null))).toEqual([]);
    const [frame] = timeSeriesFrames(stats, ['rate'], createFigures(null));
    expect(frame?.fields[1]?.config).toMatchObject({
      displayNameFromDS: 'llm',
      color: { mode: 'fixed', fixedColor: checkpointHue('llm') },
    });
  });
});

describe('heatmapFrame', () => {
  it('has a row for each bucket, named by its upper bound', () => {
    const frame = heatmapFrame({
      from_ts: 0,
      to_ts: 2 * MINUTE,
      interval_s: 60,
      of: 'duration',
      bounds_ms: [100, 158.4893, 1_584.893, 100_000],
      slots: [{ ts: 0, counts: [1, 2, 0] }],
      has_more: false,
    });
    expect(frame.meta?.type).toBe('heatmap-rows');
    expect(frame.fields.map(({ name, values }) => [name, values])).toEqual([
      ['time', [0]],
      ['160 ms', [1]],
      ['1.6 s', [2]],
      ['1.7 min', [0]],
    ]);
  });
});

describe('summaryFrame', () => {
  const summary = {
    from_ts: 0,
    to_ts: 1,
    has_more: false,
    checkpoints: [{ checkpoint: 'llm', ...figures({ models: [calls] }) }],
  };

  it('has a cost only where prices are configured', () => {
    const names = (hasPrices: boolean) =>
      summaryFrame(summary, createFigures(hasPrices ? prices : null), hasPrices).fields.map(({ name }) => name);
    expect(names(true)).toContain('cost');
    expect(names(false)).not.toContain('cost');
    const frame = summaryFrame(summary, createFigures(prices), true);
    expect(frame.fields.find(({ name }) => name === 'cost')?.values).toEqual([2.5]);
    expect(frame.fields.find(({ name }) => name === 'models')?.values).toEqual(['large-1']);
  });
});

describe('readCheckpointStatsQuery', () => {
  it('has defaults, and drops what is no figure', () => {
    expect(readCheckpointStatsQuery({ refId: 'A', figures: ['none' as 'rate'] })).toMatchObject({
      view: 'time-series',
      figures: ['p95_ms'],
      of: 'duration',
      checkpoint: '',
    });
  });
});
