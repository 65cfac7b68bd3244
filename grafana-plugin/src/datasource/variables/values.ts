import { ALL_USERS } from '@flow-tracking/protocol';
import type { BridgeApi } from '../../bridge-api';
import type { ReadText } from '../queries/query-kind';
import type { VariableQuery } from './query';

/** The calls of the bridge's API that variables make. */
export type VariableApi = Pick<BridgeApi, 'users' | 'flows' | 'checkpoints' | 'services'>;

const SESSIONS_FROM_FLOWS = 200;
/** Users whose sessions one variable lists. */
const MAX_USERS = 20;
/** Values of one variable. */
const MAX_VALUES = 500;

async function listSessions(
  api: VariableApi,
  query: VariableQuery,
  search: string,
  read: ReadText,
  signal: AbortSignal,
): Promise<string[]> {
  const { ids, all } = query.user === '' ? { ids: [], all: true } : read(query.user, 'users');
  const isEveryone = all || ids.includes(ALL_USERS);
  if (!isEveryone && ids.length === 0) return [];
  const users = isEveryone ? {} : { user: ids.slice(0, MAX_USERS) };
  const { flows } = await api.flows(
    { ...users, ...(search !== '' && { q: search }), limit: SESSIONS_FROM_FLOWS },
    signal,
  );
  const sessions = [...new Set(flows.map((flow) => flow.session_id))];
  // The bridge looks for the text in names and errors, too.
  return sessions.filter((session) => session.toLowerCase().includes(search.toLowerCase()));
}

/**
 * Values for a dashboard variable: users, sessions and services by their newest flow, checkpoints by how many ended, of the
 * last day. A user that is a variable without a value has no sessions.
 */
export async function variableValues(
  api: VariableApi,
  query: VariableQuery,
  read: ReadText,
  signal: AbortSignal,
): Promise<string[]> {
  const [search = ''] = query.search === '' ? [] : read(query.search).ids;
  const filter = { ...(search !== '' && { q: search }), limit: MAX_VALUES };
  switch (query.select) {
    case 'users':
      return (await api.users(filter, signal)).users.map((entry) => entry.user_id);
    case 'sessions':
      return listSessions(api, query, search, read, signal);
    case 'checkpoints':
      return (await api.checkpoints(filter, signal)).checkpoints.map((entry) => entry.checkpoint);
    case 'services':
      return (await api.services(filter, signal)).services.map((entry) => entry.service);
  }
}
