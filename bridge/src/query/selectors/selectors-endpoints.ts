import type { ServiceList, UserList } from '@flow-tracking/protocol';
import type { AnswerBudgets } from '../../http/answer-budget';
import type { Endpoints } from '../../http/endpoint';
import { serviceList, userList } from './selectors-answers';
import { usersQuery } from './selectors-inputs';

interface SelectorFilter {
  fromTs: number;
  text?: string | undefined;
  limit: number;
}

export interface SelectorsOptions {
  listUsers: (filter: SelectorFilter) => Promise<UserList['users']>;
  listServices: (filter: SelectorFilter) => Promise<ServiceList>;
  budgets: AnswerBudgets;
}

const USERS_SINCE_MS = 24 * 3_600_000;

/** Who has flows, and which services. */
export function mountSelectors(endpoints: Endpoints, { listUsers, listServices, budgets }: SelectorsOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/users',
      summary: 'Users by their newest flow, newest first; of the last day by default',
      query: usersQuery,
      answer: userList,
      errors: ['query_timed_out', 'busy'],
      enter: (_query, caller) => budgets.searches.enter(caller),
    },
    async ({ query: { from, q, limit } }) => {
      const users = await listUsers({ fromTs: from ?? Date.now() - USERS_SINCE_MS, text: q, limit: limit + 1 });
      return { users: users.slice(0, limit), has_more: users.length > limit };
    },
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/services',
      summary: 'Services of the newest 20,000 flows, newest first; of the last day by default',
      query: usersQuery,
      answer: serviceList,
      errors: ['query_timed_out', 'busy'],
      enter: (_query, caller) => budgets.searches.enter(caller),
    },
    ({ query: { from, q, limit } }) => listServices({ fromTs: from ?? Date.now() - USERS_SINCE_MS, text: q, limit }),
  );
}
