import { actorOf } from '../access/actor';
import type { Endpoints } from '../http/endpoint';
import { userPath } from '../http/input-fields';
import type { EraseUser } from './erasure';
import { userErased } from './monitoring-answers';
import { changeOfUserQuery, changeQuery } from './monitoring-inputs';

export interface ErasureOptions {
  eraseUser: EraseUser;
}

/** The erasure of a user. */
export function mountErasure(endpoints: Endpoints, { eraseUser }: ErasureOptions): void {
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
