import { setImmediate as giveWay } from 'node:timers/promises';
import type {
  CheckpointHistogram,
  CheckpointList,
  CheckpointSeries,
  CheckpointStats,
  CheckpointSummary,
  HistogramMeasure,
} from '@flow-tracking/protocol';
import type { Pool } from '../../platform/postgres/pool';
import { readCalls } from './call-stats-store';
import { listCheckpointNames, readStats, type StatsRange } from './checkpoint-stats-store';
import { sumRows, toFigures, type FigureSums } from './figure-sums';
import { joinBuckets } from './histogram-slots';
import { chooseRange, fewestSlots, passedSeconds } from './stats-range';

/** Names that an answer may have: apps that put an id into a name have thousands. */
const MAX_NAMES = 100;
/** Names that a summary may have, which holds one line for each. */
const MAX_SUMMARY_NAMES = 1_000;
/** Slots of all names together that are read for one answer; the fewest names are one. */
const MAX_ROWS = 30_000;

/** A range, epoch ms, and checkpoints by their names; without names, those that ended most often. */
interface StatsQuery {
  fromTs: number;
  toTs: number;
  checkpoints?: readonly string[] | undefined;
}

/** Figures of checkpoints over time, from the roll-ups alone. */
export interface CheckpointStatsService {
  figures(query: StatsQuery & { intervalS?: number | undefined }): Promise<CheckpointStats>;
  /** The same over a whole range at once, for those who ask again and again. */
  summary(query: StatsQuery): Promise<CheckpointSummary>;
  histogram(query: StatsQuery & { intervalS?: number | undefined; of: HistogramMeasure }): Promise<CheckpointHistogram>;
  names(query: { fromTs: number; toTs: number; text?: string | undefined; limit: number }): Promise<CheckpointList>;
}

function toSeries(
  checkpoint: string,
  { total, byInterval }: FigureSums,
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
  /** Names that are summed: of those asked for, or of all, those that ended most often; and whether there are more. */
  const namesOf = async (
    range: StatsRange,
    asked: readonly string[] | undefined,
    atMost: number,
  ): Promise<{ names: string[]; hasMore: boolean }> => {
    const found = await listCheckpointNames(pool, range, { names: asked, limit: atMost + 1 });
    const names: string[] = [];
    let slots = 0;
    for (const row of found.slice(0, atMost)) {
      slots += row.slots;
      if (slots > MAX_ROWS && names.length > 0) break;
      names.push(row.checkpoint);
    }
    return { names, hasMore: found.length > names.length };
  };

  const sumUp = async (range: StatsRange, names: readonly string[], intervalMs: number) => {
    const [rows, calls] = await Promise.all([readStats(pool, range, names), readCalls(pool, range, names)]);
    return sumRows(rows, calls, names, intervalMs);
  };

  return {
    async figures({ fromTs, toTs, intervalS: wantedS, checkpoints: asked }) {
      const { intervalS, ...range } = chooseRange(fromTs, toTs, wantedS);
      const intervalMs = intervalS * 1_000;
      const { names, hasMore } = await namesOf(range, asked, MAX_NAMES);
      const checkpoints: CheckpointSeries[] = [];
      for (const [name, ofName] of await sumUp(range, names, intervalMs)) {
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
    async summary({ fromTs, toTs, checkpoints: asked }) {
      const range = fewestSlots(fromTs, toTs);
      const { names, hasMore } = await namesOf(range, asked, MAX_SUMMARY_NAMES);
      const seconds = passedSeconds(range.fromTs, range.toTs);
      const checkpoints = [...(await sumUp(range, names, range.toTs - range.fromTs))]
        .filter(([, { total }]) => total.count > 0)
        .map(([checkpoint, { total }]) => ({ checkpoint, ...toFigures(total, seconds) }));
      return { from_ts: range.fromTs, to_ts: range.toTs, checkpoints, has_more: hasMore };
    },
    async histogram({ fromTs, toTs, intervalS: wantedS, checkpoints: asked, of }) {
      const { intervalS, ...range } = chooseRange(fromTs, toTs, wantedS);
      const { names, hasMore } = await namesOf(range, asked, MAX_NAMES);
      const bySlot = new Map<number, number[]>();
      for (const { byInterval } of (await sumUp(range, names, intervalS * 1_000)).values()) {
        await giveWay();
        for (const [ts, sum] of byInterval) {
          const histogram = bySlot.get(ts) ?? [];
          bySlot.set(ts, histogram);
          const counts = of === 'duration' ? sum.histogram : sum.firstChunks;
          for (const [bucket, n] of counts.entries()) histogram[bucket] = (histogram[bucket] ?? 0) + n;
        }
      }
      return {
        from_ts: range.fromTs,
        to_ts: range.toTs,
        interval_s: intervalS,
        of,
        ...joinBuckets(bySlot),
        has_more: hasMore,
      };
    },
    async names({ fromTs, toTs, text, limit }) {
      const range = fewestSlots(fromTs, toTs);
      const checkpoints = await listCheckpointNames(pool, range, { text, limit: limit + 1 });
      const listed = checkpoints
        .slice(0, limit)
        .map(({ checkpoint, count, errors }) => ({ checkpoint, count, errors }));
      return { checkpoints: listed, has_more: checkpoints.length > limit };
    },
  };
}
