import type { ServiceList, UserList } from '@flow-tracking/protocol';
import type { AnswerBudgets } from '../services/answer-budget';
import type { EraseUser } from '../services/erasure';
import { actorOf } from './actor';
import type { Endpoints } from './endpoint';
import { serviceList, userErased, userList } from './schemas/answers';
import { changeOfUserQuery, changeQuery, userPath, usersQuery } from './schemas/inputs';

interface SelectorFilter {
  fromTs: number;
  text?: string | undefined;
  limit: number;
}

export interface UsersOptions {
  listUsers: (filter: SelectorFilter) => Promise<UserList['users']>;
  listServices: (filter: SelectorFilter) => Promise<ServiceList>;
  eraseUser: EraseUser;
  budgets: AnswerBudgets;
}

const USERS_SINCE_MS = 24 * 3_600_000;

/** Who has flows, and which services; and the erasure of a user. */
export function mountUsers(endpoints: Endpoints, { listUsers, listServices, eraseUser, budgets }: UsersOptions): void {
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
  const erasing = {
    method: 'delete',
    summary: "Erases a user's flows, checkpoints, dead letters and monitoring, and what waits in the streams; audited",
    answer: userErased,
    errors: ['redis_unavailable'],
  } as const;
  endpoints.mount({ ...erasing, path: '/api/v1/users', query: changeOfUserQuery }, ({ query, req }) =>
    eraseUser(query.user, { actor: actorOf(req), reason: query.reason ?? null }),
  );
  endpoints.mount(
    { ...erasing, path: '/api/v1/users/:userId', pathParams: userPath, query: changeQuery },
    ({ path, query, req }) => eraseUser(path.userId, { actor: actorOf(req), reason: query.reason ?? null }),
  );
}
