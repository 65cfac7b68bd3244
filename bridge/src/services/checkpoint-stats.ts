import { setImmediate as giveWay } from 'node:timers/promises';
import type {
  CheckpointFigures,
  CheckpointList,
  CheckpointSeries,
  CheckpointStats,
  CheckpointSummary,
} from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { BridgeError } from '../errors';
import {
  listCheckpointNames,
  readStats,
  type SlotWidth,
  type StatsRange,
  type StatsRow,
} from '../stores/checkpoint-stats-queries';
import { addHistogram, histogramTotal, percentiles } from './percentiles';

const MS_PER_DAY = 86_400_000;
/** How long slots are kept; those of an hour as long as flows are. */
const KEPT_DAYS: Record<SlotWidth, number> = { 60: 8, 600: 32, 3600: Infinity };
/** Intervals that an answer may have. */
const MAX_INTERVALS = 1_000;
/** Names that an answer may have: apps that put an id into a name have thousands. */
const MAX_NAMES = 100;
/** Names that a summary may have, which holds one line for each. */
const MAX_SUMMARY_NAMES = 1_000;
/** Slots of all names together that are read for one answer; the fewest names are one. */
const MAX_ROWS = 30_000;
/** Slots that are summed before others get their turn: a few ms. */
const ROWS_AT_ONCE = 500;
/** Interval by the longest range that it is the default for, in ms. */
const DEFAULT_INTERVALS: readonly (readonly [rangeMs: number, intervalS: number])[] = [
  [MS_PER_DAY / 4, 60],
  [2 * MS_PER_DAY, 600],
  [16 * MS_PER_DAY, 3_600],
  [Infinity, 86_400],
];

/** Figures of checkpoints over time, from the roll-up alone. */
export interface CheckpointStatsService {
  figures(query: {
    fromTs: number;
    toTs: number;
    intervalS?: number | undefined;
    checkpoint?: string | undefined;
  }): Promise<CheckpointStats>;
  /** The same over a whole range at once, for those who ask again and again. */
  summary(query: { fromTs: number; toTs: number }): Promise<CheckpointSummary>;
  names(query: { fromTs: number; toTs: number; text?: string | undefined; limit: number }): Promise<CheckpointList>;
}

const refuse = (field: string, expected: string, got: unknown): never => {
  const details = [{ field, expected, got: String(got) }];
  throw new BridgeError('invalid_request', 400, `${field}: ${expected}, got ${String(got)}`, { details });
};

function isKept(slotS: SlotWidth, fromTs: number): boolean {
  return fromTs >= Date.now() - KEPT_DAYS[slotS] * MS_PER_DAY;
}

/** The widest slots that divide the interval and go back far enough. */
function slotsFor(intervalS: number, fromTs: number): SlotWidth {
  const dividing = ([3600, 600, 60] as const).filter((slotS) => intervalS % slotS === 0);
  const slotS = dividing.find((width) => isKept(width, fromTs));
  if (slotS !== undefined) return slotS;
  const kept = isKept(600, fromTs) ? '10m' : '1h';
  return refuse('interval', `expected a multiple of ${kept} for times so long ago`, `${intervalS}s`);
}

function defaultInterval(rangeMs: number, fromTs: number): number {
  const byRange = DEFAULT_INTERVALS.find(([longest]) => rangeMs <= longest)?.[1] ?? 86_400;
  const kept = isKept(60, fromTs) ? 60 : isKept(600, fromTs) ? 600 : 3600;
  return Math.max(byRange, kept);
}

/** The range widened to whole intervals. */
function alignRange(fromTs: number, toTs: number, intervalS: number): { fromTs: number; toTs: number } {
  const intervalMs = intervalS * 1_000;
  const from = Math.floor(fromTs / intervalMs) * intervalMs;
  return { fromTs: from, toTs: Math.max(Math.ceil(toTs / intervalMs) * intervalMs, from + intervalMs) };
}

function chooseRange(fromTs: number, toTs: number, wantedS: number | undefined): StatsRange & { intervalS: number } {
  if (toTs < fromTs) refuse('to', 'expected a time after from', new Date(toTs).toISOString());
  const intervalS = wantedS ?? defaultInterval(toTs - fromTs, fromTs);
  const aligned = alignRange(fromTs, toTs, intervalS);
  const intervals = (aligned.toTs - aligned.fromTs) / (intervalS * 1_000);
  if (intervals > MAX_INTERVALS) {
    refuse(
      'interval',
      `expected one that gives at most ${MAX_INTERVALS} slots`,
      `${intervalS}s, which gives ${intervals}`,
    );
  }
  return { ...aligned, intervalS, slotS: slotsFor(intervalS, fromTs) };
}

/** The range widened to the fewest slots: whole hours where they are enough. */
function fewestSlots(fromTs: number, toTs: number): StatsRange {
  if (toTs < fromTs) refuse('to', 'expected a time after from', new Date(toTs).toISOString());
  const intervalS = toTs - fromTs > MS_PER_DAY / 4 ? 3_600 : defaultInterval(toTs - fromTs, fromTs);
  return { ...alignRange(fromTs, toTs, intervalS), slotS: slotsFor(intervalS, fromTs) };
}

/** Seconds of a span that have passed: what is still to come takes no part in a rate. */
function passedSeconds(fromTs: number, toTs: number): number {
  return Math.max(1, (Math.min(toTs, Date.now()) - fromTs) / 1_000);
}

/** Sums of one checkpoint over some slots. */
interface Sum extends Omit<StatsRow, 'checkpoint' | 'ts' | 'histogram'> {
  histogram: number[];
}

const emptySum = (): Sum => ({
  count: 0,
  errors: 0,
  durationSumMs: 0,
  inputTokens: 0,
  outputTokens: 0,
  histogram: [],
});

function add(sum: Sum, row: StatsRow): void {
  sum.count += row.count;
  sum.errors += row.errors;
  sum.durationSumMs += row.durationSumMs;
  sum.inputTokens += row.inputTokens;
  sum.outputTokens += row.outputTokens;
  addHistogram(sum.histogram, row.histogram);
}

function toFigures(sum: Sum, seconds: number): CheckpointFigures {
  const measured = histogramTotal(sum.histogram);
  const [p50 = null, p95 = null, p99 = null] = percentiles(sum.histogram, [0.5, 0.95, 0.99]);
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
  };
}

/** One checkpoint's sums over the range, and by begin of interval. */
interface Sums {
  total: Sum;
  byInterval: Map<number, Sum>;
}

/** Sums slots into intervals. Gives way now and then, since live frames must not wait for a long list. */
async function sumRows(rows: readonly StatsRow[], names: readonly string[], intervalMs: number) {
  const sums = new Map<string, Sums>(names.map((name) => [name, { total: emptySum(), byInterval: new Map() }]));
  for (const [i, row] of rows.entries()) {
    if (i % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await giveWay();
    const ofName = sums.get(row.checkpoint);
    if (ofName === undefined) continue;
    const ts = Math.floor(row.ts / intervalMs) * intervalMs;
    let sum = ofName.byInterval.get(ts);
    if (sum === undefined) ofName.byInterval.set(ts, (sum = emptySum()));
    add(sum, row);
    add(ofName.total, row);
  }
  return sums;
}

function toSeries(
  checkpoint: string,
  { total, byInterval }: Sums,
  range: StatsRange,
  intervalMs: number,
): CheckpointSeries {
  return {
    checkpoint,
    total: toFigures(total, passedSeconds(range.fromTs, range.toTs)),
    slots: [...byInterval].map(([ts, sum]) => ({ ts, ...toFigures(sum, passedSeconds(ts, ts + intervalMs)) })),
  };
}

export function createCheckpointStats(pool: Pool): CheckpointStatsService {
  /** Names by count, and whether there are more than an answer holds. */
  const namesOf = async (range: StatsRange, atMost: number): Promise<{ names: string[]; hasMore: boolean }> => {
    const slots = (range.toTs - range.fromTs) / (range.slotS * 1_000);
    const most = Math.max(1, Math.min(atMost, Math.floor(MAX_ROWS / slots)));
    const found = await listCheckpointNames(pool, range, { limit: most + 1 });
    return { names: found.slice(0, most).map((row) => row.checkpoint), hasMore: found.length > most };
  };

  return {
    async figures({ fromTs, toTs, intervalS: wantedS, checkpoint }) {
      const { intervalS, ...range } = chooseRange(fromTs, toTs, wantedS);
      const intervalMs = intervalS * 1_000;
      const { names, hasMore } =
        checkpoint === undefined ? await namesOf(range, MAX_NAMES) : { names: [checkpoint], hasMore: false };
      const sums = await sumRows(await readStats(pool, range, names), names, intervalMs);
      const checkpoints: CheckpointSeries[] = [];
      for (const [name, ofName] of sums) {
        if (ofName.byInterval.size === 0) continue;
        await giveWay();
        checkpoints.push(toSeries(name, ofName, range, intervalMs));
      }
      return {
        from_ts: range.fromTs,
        to_ts: range.toTs,
        interval_s: intervalS,
        checkpoints,
        has_more: hasMore,
      };
    },
    async summary({ fromTs, toTs }) {
      const range = fewestSlots(fromTs, toTs);
      const { names, hasMore } = await namesOf(range, MAX_SUMMARY_NAMES);
      const seconds = passedSeconds(range.fromTs, range.toTs);
      const sums = await sumRows(await readStats(pool, range, names), names, range.toTs - range.fromTs);
      const checkpoints = [...sums]
        .filter(([, { total }]) => total.count > 0)
        .map(([checkpoint, { total }]) => ({ checkpoint, ...toFigures(total, seconds) }));
      return { from_ts: range.fromTs, to_ts: range.toTs, checkpoints, has_more: hasMore };
    },
    async names({ fromTs, toTs, text, limit }) {
      const range = fewestSlots(fromTs, toTs);
      const checkpoints = await listCheckpointNames(pool, range, { text, limit: limit + 1 });
      return { checkpoints: checkpoints.slice(0, limit), has_more: checkpoints.length > limit };
    },
  };
}
