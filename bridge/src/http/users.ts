import type { UserList } from '@flow-tracking/protocol';
import type { EraseUser } from '../services/erasure';
import { actorOf } from './actor';
import type { Endpoints } from './endpoint';
import { userErased, userList } from './schemas/answers';
import { changeQuery, userPath, usersQuery } from './schemas/inputs';

export interface UsersOptions {
  listUsers: (filter: { fromTs: number; text?: string | undefined; limit: number }) => Promise<UserList['users']>;
  eraseUser: EraseUser;
}

const USERS_SINCE_MS = 24 * 3_600_000;

/** Who has flows; and the erasure of one. */
export function mountUsers(endpoints: Endpoints, { listUsers, eraseUser }: UsersOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/users',
      summary: 'Users by their newest flow, newest first; of the last day by default',
      query: usersQuery,
      answer: userList,
      errors: ['query_timed_out'],
    },
    async ({ query: { from, q, limit } }) => {
      const users = await listUsers({ fromTs: from ?? Date.now() - USERS_SINCE_MS, text: q, limit: limit + 1 });
      return { users: users.slice(0, limit), has_more: users.length > limit };
    },
  );
  endpoints.mount(
    {
      method: 'delete',
      path: '/api/v1/users/:userId',
      summary:
        "Erases a user's flows, checkpoints, dead letters and monitoring, and what waits in the streams; audited",
      pathParams: userPath,
      query: changeQuery,
      answer: userErased,
      errors: ['redis_unavailable'],
    },
    ({ path, query, req }) => eraseUser(path.userId, { actor: actorOf(req), reason: query.reason ?? null }),
  );
}
