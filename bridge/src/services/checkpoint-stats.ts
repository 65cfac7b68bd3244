import type { CheckpointFigures, CheckpointList, CheckpointSeries, CheckpointStats } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { BridgeError } from '../errors';
import {
  listCheckpointNames,
  readStats,
  type SlotWidth,
  type StatsRange,
  type StatsRow,
} from '../stores/checkpoint-stats-queries';
import { addHistogram, percentile } from './percentiles';

const MS_PER_DAY = 86_400_000;
/** How long slots are kept; those of an hour as long as flows are. */
const KEPT_DAYS: Record<SlotWidth, number> = { 60: 8, 600: 32, 3600: Infinity };
/** Intervals that an answer may have. */
const MAX_INTERVALS = 1_000;
/** Names that an answer may have: apps that put an id into a name have thousands. */
const MAX_NAMES = 100;
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

/** Seconds of a span that have passed: what is still to come takes no part in a rate. */
function passedSeconds(fromTs: number, toTs: number): number {
  return Math.max(1, (Math.min(toTs, Date.now()) - fromTs) / 1_000);
}

function toFigures(sum: Omit<StatsRow, 'checkpoint' | 'ts'>, seconds: number): CheckpointFigures {
  const measured = sum.histogram.reduce((total, n) => total + n, 0);
  return {
    count: sum.count,
    rate: sum.count / seconds,
    errors: sum.errors,
    error_rate: sum.count === 0 ? 0 : sum.errors / sum.count,
    p50_ms: percentile(sum.histogram, 0.5),
    p95_ms: percentile(sum.histogram, 0.95),
    p99_ms: percentile(sum.histogram, 0.99),
    mean_ms: measured === 0 ? null : sum.durationSumMs / measured,
    input_tokens: sum.inputTokens,
    output_tokens: sum.outputTokens,
  };
}

function totalOf(rows: readonly StatsRow[]): Omit<StatsRow, 'checkpoint' | 'ts'> {
  const total = { count: 0, errors: 0, durationSumMs: 0, inputTokens: 0, outputTokens: 0, histogram: [] as number[] };
  for (const row of rows) {
    total.count += row.count;
    total.errors += row.errors;
    total.durationSumMs += row.durationSumMs;
    total.inputTokens += row.inputTokens;
    total.outputTokens += row.outputTokens;
    addHistogram(total.histogram, row.histogram);
  }
  return total;
}

export function createCheckpointStats(pool: Pool): CheckpointStatsService {
  return {
    async figures({ fromTs, toTs, intervalS: wantedS, checkpoint }) {
      const { intervalS, ...range } = chooseRange(fromTs, toTs, wantedS);
      const names =
        checkpoint !== undefined
          ? [checkpoint]
          : (await listCheckpointNames(pool, range, { limit: MAX_NAMES + 1 })).map((row) => row.checkpoint);
      const checkpoints = names.slice(0, MAX_NAMES);
      const rowsByName = new Map<string, StatsRow[]>(checkpoints.map((name) => [name, []]));
      for (const row of await readStats(pool, range, { checkpoints, intervalS }))
        rowsByName.get(row.checkpoint)?.push(row);
      const rangeSeconds = passedSeconds(range.fromTs, range.toTs);
      const series = [...rowsByName].map(([name, rows]): CheckpointSeries => ({
        checkpoint: name,
        total: toFigures(totalOf(rows), rangeSeconds),
        slots: rows.map((row) => ({
          ts: row.ts,
          ...toFigures(row, passedSeconds(row.ts, row.ts + intervalS * 1_000)),
        })),
      }));
      return {
        from_ts: range.fromTs,
        to_ts: range.toTs,
        interval_s: intervalS,
        checkpoints: series.filter(({ slots }) => slots.length > 0),
        has_more: names.length > MAX_NAMES,
      };
    },
    async names({ fromTs, toTs, text, limit }) {
      // Whole hours where they are enough: the fewest rows.
      const intervalS = toTs - fromTs > MS_PER_DAY / 4 ? 3_600 : defaultInterval(toTs - fromTs, fromTs);
      if (toTs < fromTs) refuse('to', 'expected a time after from', new Date(toTs).toISOString());
      const range = { ...alignRange(fromTs, toTs, intervalS), slotS: slotsFor(intervalS, fromTs) };
      const checkpoints = await listCheckpointNames(pool, range, { text, limit: limit + 1 });
      return { checkpoints: checkpoints.slice(0, limit), has_more: checkpoints.length > limit };
    },
  };
}
