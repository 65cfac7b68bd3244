import type { FlowPage, UserList } from '@flow-tracking/protocol';

/** The calls of the bridge's API that variables make. */
export interface VariableApi {
  users(): Promise<UserList>;
  flows(filter: { user?: string | undefined; limit?: number }): Promise<FlowPage>;
}

const SESSIONS_FROM_FLOWS = 200;

/**
 * Values for a dashboard variable: `users()` are those with flows of late, `sessions(<user>)` the latest sessions of a
 * user, `sessions()` of anyone. Newest first.
 *
 * @throws {Error} for any other query
 */
export async function variableValues(api: VariableApi, query: string): Promise<string[]> {
  const match = /^\s*(users|sessions)\s*\(\s*(.*?)\s*\)\s*$/s.exec(query);
  if (match === null) throw new Error(`variable query: expected users() or sessions(<user>), got ${query}`);
  const [, name, user = ''] = match;
  if (name === 'users') return (await api.users()).users.map((entry) => entry.user_id);
  const everyone = user === '' || user === '*';
  const page = await api.flows({ user: everyone ? undefined : user, limit: SESSIONS_FROM_FLOWS });
  return [...new Set(page.flows.map((flow) => flow.session_id))];
}
