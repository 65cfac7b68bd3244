import type { AnswerBudgets } from '../services/answer-budget';
import type { CheckpointStatsService } from '../services/checkpoint-stats';
import type { Endpoints } from './endpoint';
import { checkpointList, checkpointStats, checkpointSummary } from './schemas/answers';
import { checkpointsQuery, statsQuery, summaryQuery } from './schemas/inputs';

export interface StatsOptions {
  stats: CheckpointStatsService;
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
export function mountStats(endpoints: Endpoints, { stats, budgets }: StatsOptions): void {
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
    ({ query }) => stats.figures({ ...toRange(query), intervalS: query.interval, checkpoint: query.checkpoint }),
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
    ({ query }) => stats.summary(toRange(query)),
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
