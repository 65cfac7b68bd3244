import { ALL_USERS } from '@flow-tracking/protocol';
import type { Subject } from '../frames/meta';
import type { FlowQuery } from './types';

/** What a query asks for, once variables are filled in. */
export function subjectOf(query: FlowQuery, replace: (text: string) => string): Subject {
  const fill = (text: string | undefined): string | null => replace(text ?? '').trim() || null;
  const userId = fill(query.user);
  return {
    userId: userId === ALL_USERS ? null : userId,
    sessionId: query.queryType === 'history' ? fill(query.session) : null,
    flowId: query.queryType === 'history' ? fill(query.flow) : null,
  };
}

function nameOf(user: string | undefined, everyone: string): string {
  return user === undefined || user === '' ? everyone : user;
}

/** One line for people. */
export function subjectText(query: FlowQuery): string {
  if (query.queryType !== 'history') return `Live flows of ${nameOf(query.user, 'every monitored user')}`;
  if (query.flow) return `Flow ${query.flow}`;
  return query.session ? `Session ${query.session}` : `Latest flows of ${nameOf(query.user, 'all users')}`;
}
