import { setImmediate as giveWay } from 'node:timers/promises';
import type { CheckpointFigures, ModelCalls } from '@flow-tracking/protocol';
import type { CallRow } from './call-stats-store';
import type { StatsRow } from './checkpoint-stats-store';
import { addHistogram, histogramTotal, percentiles } from './percentiles';

/** Slots that are summed before others get their turn: a few ms. */
const ROWS_AT_ONCE = 500;
const PARTS = [0.5, 0.95, 0.99];

/** What calls of one model took, summed. */
type ModelSum = Omit<ModelCalls, 'model'>;

/** Sums of one checkpoint over some slots. */
export interface FigureSum extends Omit<StatsRow, 'checkpoint' | 'ts' | 'histogram'> {
  histogram: number[];
  firstChunks: number[];
  models: Map<string, ModelSum>;
}

/** One checkpoint's sums over the range, and by begin of interval. */
export interface FigureSums {
  total: FigureSum;
  byInterval: Map<number, FigureSum>;
}

const emptySum = (): FigureSum => ({
  count: 0,
  errors: 0,
  durationSumMs: 0,
  inputTokens: 0,
  outputTokens: 0,
  histogram: [],
  firstChunks: [],
  models: new Map(),
});

function add(sum: FigureSum, row: StatsRow): void {
  sum.count += row.count;
  sum.errors += row.errors;
  sum.durationSumMs += row.durationSumMs;
  sum.inputTokens += row.inputTokens;
  sum.outputTokens += row.outputTokens;
  addHistogram(sum.histogram, row.histogram);
}

function addCalls(sum: FigureSum, row: CallRow): void {
  for (const histogram of row.histograms) addHistogram(sum.firstChunks, histogram);
  const known = sum.models.get(row.model);
  const model = known ?? { count: 0, input_tokens: 0, cached_input_tokens: 0, output_tokens: 0 };
  if (known === undefined) sum.models.set(row.model, model);
  model.count += row.count;
  model.input_tokens += row.inputTokens;
  model.cached_input_tokens += row.cachedInputTokens;
  model.output_tokens += row.outputTokens;
}

function toModels(models: FigureSum['models']): ModelCalls[] {
  const tokens = (calls: ModelCalls): number => calls.input_tokens + calls.output_tokens;
  return [...models]
    .filter(([, { count }]) => count > 0)
    .map(([model, calls]) => ({ model, ...calls }))
    .sort((a, b) => tokens(b) - tokens(a) || (a.model < b.model ? -1 : 1));
}

/** @param seconds of the span, as far as it has passed */
export function toFigures(sum: FigureSum, seconds: number): CheckpointFigures {
  const measured = histogramTotal(sum.histogram);
  const [p50 = null, p95 = null, p99 = null] = percentiles(sum.histogram, PARTS);
  const [first50 = null, first95 = null, first99 = null] = percentiles(sum.firstChunks, PARTS);
  return {
    count: sum.count,
    rate: sum.count / seconds,
    errors: sum.errors,
    error_rate: sum.count === 0 ? 0 : sum.errors / sum.count,
    p50_ms: p50,
    p95_ms: p95,
    p99_ms: p99,
    mean_ms: measured === 0 ? null : sum.durationSumMs / measured,
    input_tokens: sum.inputTokens,
    output_tokens: sum.outputTokens,
    first_chunk_p50_ms: first50,
    first_chunk_p95_ms: first95,
    first_chunk_p99_ms: first99,
    models: toModels(sum.models),
  };
}

/**
 * Sums slots into intervals, by checkpoint. Gives way now and then, since live frames must not wait for a long list.
 *
 * @param calls of slots that are in `rows`, too; others are left out
 */
export async function sumRows(
  rows: readonly StatsRow[],
  calls: readonly CallRow[],
  names: readonly string[],
  intervalMs: number,
): Promise<Map<string, FigureSums>> {
  const sums = new Map<string, FigureSums>(names.map((name) => [name, { total: emptySum(), byInterval: new Map() }]));
  const beginOf = (ts: number): number => Math.floor(ts / intervalMs) * intervalMs;
  for (const [i, row] of rows.entries()) {
    if (i % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await giveWay();
    const ofName = sums.get(row.checkpoint);
    if (ofName === undefined) continue;
    const ts = beginOf(row.ts);
    let sum = ofName.byInterval.get(ts);
    if (sum === undefined) ofName.byInterval.set(ts, (sum = emptySum()));
    add(sum, row);
    add(ofName.total, row);
  }
  for (const [i, row] of calls.entries()) {
    if (i % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await giveWay();
    const ofName = sums.get(row.checkpoint);
    const sum = ofName?.byInterval.get(beginOf(row.ts));
    if (ofName === undefined || sum === undefined) continue;
    addCalls(sum, row);
    addCalls(ofName.total, row);
  }
  return sums;
}
