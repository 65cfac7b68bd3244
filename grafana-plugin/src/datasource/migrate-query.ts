import { ALL_USERS } from '@flow-tracking/protocol';
import type { FlowQuery, FlowSelection } from './types';

/** A query whose selection is explicit. */
export type ExplicitQuery = FlowQuery & { queryType: 'live' | 'history'; select: FlowSelection };

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === '';

/** What a query without `select` chose by: the first of its fields that someone filled in. */
function selectionOf(query: FlowQuery): FlowSelection {
  if (query.queryType === 'history') {
    if (!isBlank(query.flow)) return 'flow';
    if (!isBlank(query.session)) return 'session';
  }
  return isBlank(query.user) || query.user?.trim() === ALL_USERS ? 'everyone' : 'user';
}

/**
 * Makes a saved query explicit. Its text decides, never the value of a variable in it: `$session` selects by session
 * also while that variable is empty.
 */
export function migrateQuery(query: FlowQuery): ExplicitQuery {
  const queryType = query.queryType ?? 'live';
  const select = query.select ?? selectionOf(query);
  // Live flows come by user.
  const bySomethingElse = queryType === 'live' && (select === 'session' || select === 'flow');
  return { ...query, queryType, select: bySomethingElse ? 'user' : select };
}
