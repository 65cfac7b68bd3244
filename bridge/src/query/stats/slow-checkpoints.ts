import type { SlowCheckpoints } from '@flow-tracking/protocol';
import type { Pool } from '../../platform/postgres/pool';
import type { FlowFilter } from '../flow-filter-sql';
import type { CheckpointStatsService } from './checkpoint-stats';
import { listSlow, type SlowLimits } from './slow-checkpoints-store';

const MS_PER_DAY = 86_400_000;
/** Fewer than these say nothing about what is usual. */
const LEAST_COUNT = 20;

/** Which checkpoints count as slow, of which flows. */
export interface SlowQuery extends Pick<FlowFilter, 'userIds' | 'sessionIds' | 'services' | 'checkpoints' | 'limit'> {
  fromTs: number;
  toTs: number;
  /** From this duration on; without it, from so many times the name's own p95 of the day before `toTs`. */
  minDurationMs?: number | undefined;
  factor: number;
}

/** Checkpoints that took longer than they should. */
export type ReadSlow = (query: SlowQuery) => Promise<SlowCheckpoints>;

/** @param stats for what is usual */
export function createSlowCheckpoints(pool: Pool, stats: CheckpointStatsService): ReadSlow {
  const limitsOf = async ({ toTs, checkpoints, factor, minDurationMs }: SlowQuery): Promise<SlowLimits> => {
    if (minDurationMs !== undefined) return minDurationMs;
    const summary = await stats.summary({ fromTs: Math.max(0, toTs - MS_PER_DAY), toTs, checkpoints });
    return new Map(
      summary.checkpoints.flatMap(({ checkpoint, count, p95_ms: p95Ms }) =>
        p95Ms === null || count < LEAST_COUNT ? [] : [[checkpoint, factor * p95Ms] as const],
      ),
    );
  };

  return async (query) => {
    const { factor: _, minDurationMs: _ms, ...filter } = query;
    const limits = await limitsOf(query);
    const found = await listSlow(pool, { ...filter, limit: query.limit + 1 }, limits);
    return {
      checkpoints: found.checkpoints.slice(0, query.limit),
      looked_back_to_ts: found.lookedBackToTs,
      has_more: found.checkpoints.length > query.limit,
    };
  };
}
