import { ALL_USERS, type FlowPage, type UserList } from '@flow-tracking/protocol';
import type { ReadIds } from './read-ids';

/** The calls of the bridge's API that variables make. */
export interface VariableApi {
  users(): Promise<UserList>;
  flows(filter: { user?: string; limit?: number }): Promise<FlowPage>;
}

const SESSIONS_FROM_FLOWS = 200;
/** Users whose sessions one variable lists. */
const MAX_USERS = 20;

/**
 * Values for a dashboard variable: `users()` are those with recent flows, `sessions(<user>)` the latest sessions of a
 * user, `sessions()` and `sessions(*)` of anyone. Newest first. A user that is a variable without a value has none.
 *
 * @param query as it was written, with its variables: the value of one may hold a bracket or begin with a blank
 * @throws {Error} for any other query
 */
export async function variableValues(
  api: VariableApi,
  query: string,
  read: (text: string) => ReadIds,
): Promise<string[]> {
  const match = /^\s*(users|sessions)\s*\(\s*(.*?)\s*\)\s*$/s.exec(query);
  if (match === null) throw new Error(`variable query: expected users() or sessions(<user>), got ${query}`);
  const [, name, user = ''] = match;
  if (name === 'users') return (await api.users()).users.map((entry) => entry.user_id);
  const { ids, all } = read(user);
  const isEveryone = user === '' || all || ids.includes(ALL_USERS);
  const filters = isEveryone ? [{}] : ids.slice(0, MAX_USERS).map((id) => ({ user: id }));
  const pages = await Promise.all(filters.map((filter) => api.flows({ ...filter, limit: SESSIONS_FROM_FLOWS })));
  const flows = pages.flatMap((page) => page.flows).sort((a, b) => b.started_ts - a.started_ts);
  return [...new Set(flows.map((flow) => flow.session_id))];
}
