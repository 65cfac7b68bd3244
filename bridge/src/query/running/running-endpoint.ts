import type { RunningFlows } from '@flow-tracking/protocol';
import type { AnswerBudgets } from '../../http/answer-budget';
import type { Endpoints } from '../../http/endpoint';
import { runningFlows } from './running-answers';
import { runningQuery } from './running-inputs';
import type { RunningFilter } from './running-store';

export interface RunningOptions {
  readRunning: (filter: RunningFilter) => Promise<RunningFlows>;
  budgets: AnswerBudgets;
}

/** What runs now, of all users; mount it before the flows, of which one may be asked for by any id. */
export function mountRunning(endpoints: Endpoints, { readRunning, budgets }: RunningOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows/running',
      summary: 'Flows that run now, of all users, and what they wait for; oldest first',
      query: runningQuery,
      answer: runningFlows,
      errors: ['query_timed_out', 'busy'],
      enter: (_query, caller) => budgets.pages.enter(caller),
    },
    ({ query }) =>
      readRunning({
        userIds: query.user,
        services: query.service,
        checkpoints: query.checkpoint,
        minDurationMs: query.min_duration_ms,
        limit: query.limit,
      }),
  );
}
