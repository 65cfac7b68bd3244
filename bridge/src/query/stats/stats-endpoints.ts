import type { AnswerBudgets } from '../../http/answer-budget';
import type { Endpoints } from '../../http/endpoint';
import type { CheckpointStatsService } from './checkpoint-stats';
import type { ReadSlow } from './slow-checkpoints';
import {
  checkpointHistogram,
  checkpointList,
  checkpointStats,
  checkpointSummary,
  slowCheckpoints,
} from './stats-answers';
import { checkpointsQuery, histogramQuery, slowQuery, statsQuery, summaryQuery } from './stats-inputs';

export interface StatsOptions {
  stats: CheckpointStatsService;
  readSlow: ReadSlow;
  budgets: AnswerBudgets;
}

const DEFAULT_RANGE_MS = 24 * 3_600_000;

/** The last day where the caller does not say. */
function toRange({ from, to }: { from?: number | undefined; to?: number | undefined }): {
  fromTs: number;
  toTs: number;
} {
  const toTs = to ?? Date.now();
  return { fromTs: from ?? Math.max(0, toTs - DEFAULT_RANGE_MS), toTs };
}

/** Figures of checkpoints over time, and their names. */
export function mountStats(endpoints: Endpoints, { stats, readSlow, budgets }: StatsOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/stats/checkpoints',
      summary: 'Count, rate, errors, percentiles and tokens by checkpoint and slot of time; the last day by default',
      query: statsQuery,
      answer: checkpointStats,
      errors: ['busy'],
      enter: (_query, caller) => budgets.figures.enter(caller),
    },
    ({ query }) => stats.figures({ ...toRange(query), intervalS: query.interval, checkpoints: query.checkpoint }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/stats/checkpoints/summary',
      summary: 'The same figures by checkpoint alone, over the whole range; the last day by default',
      query: summaryQuery,
      answer: checkpointSummary,
      errors: ['busy'],
      enter: (_query, caller) => budgets.figures.enter(caller),
    },
    ({ query }) => stats.summary({ ...toRange(query), checkpoints: query.checkpoint }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/stats/checkpoints/histogram',
      summary: 'How many by duration, or time to first chunk, and slot of time; the last day by default',
      query: histogramQuery,
      answer: checkpointHistogram,
      errors: ['busy'],
      enter: (_query, caller) => budgets.figures.enter(caller),
    },
    ({ query }) =>
      stats.histogram({
        ...toRange(query),
        intervalS: query.interval,
        checkpoints: query.checkpoint,
        of: query.of,
      }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/checkpoints/slow',
      summary: 'Checkpoints of the newest 20,000 flows that took longer than they should; of the last day by default',
      query: slowQuery,
      answer: slowCheckpoints,
      errors: ['query_timed_out', 'busy'],
      enter: (_query, caller) => budgets.searches.enter(caller),
    },
    ({ query }) =>
      readSlow({
        ...toRange(query),
        userIds: query.user,
        sessionIds: query.session,
        services: query.service,
        checkpoints: query.checkpoint,
        minDurationMs: query.min_duration_ms,
        factor: query.factor,
        limit: query.limit,
      }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/checkpoints',
      summary: 'Names of checkpoints with their counts, most first; of the last day by default',
      query: checkpointsQuery,
      answer: checkpointList,
      errors: ['busy'],
      enter: (_query, caller) => budgets.pages.enter(caller),
    },
    ({ query }) => stats.names({ ...toRange(query), text: query.q, limit: query.limit }),
  );
}
