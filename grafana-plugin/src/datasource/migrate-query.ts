import { ALL_USERS } from '@flow-tracking/protocol';
import { QUERY_KIND_NAMES, type FlowQuery, type FlowSelection, type QueryKindName } from './types';

/** A query whose kind is explicit, and of flows the selection, too. */
export type ExplicitQuery = FlowQuery & { queryType: QueryKindName; select: FlowSelection };

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === '';

/** What a query without `select` chose by: the first of its fields that someone filled in. */
function selectionOf(query: FlowQuery, kind: QueryKindName): FlowSelection {
  if (kind === 'history') {
    if (!isBlank(query.flow)) return 'flow';
    if (!isBlank(query.session)) return 'session';
  }
  return isBlank(query.user) || query.user?.trim() === ALL_USERS ? 'everyone' : 'user';
}

/** What is no kind known here, such as that of a later version, is no reason to show anybody's flows. */
function kindOf({ queryType }: FlowQuery): QueryKindName {
  return QUERY_KIND_NAMES.find((name) => name === (queryType ?? 'live')) ?? 'flow';
}

/**
 * Makes a saved query explicit. Its text decides, never the value of a variable in it: `$session` selects by session
 * also while that variable is empty. History by flow or session is a kind of its own.
 */
export function migrateQuery(query: FlowQuery): ExplicitQuery {
  const kind = kindOf(query);
  if (kind === 'flow' || kind === 'session') return { ...query, queryType: kind, select: kind };
  const select = query.select ?? selectionOf(query, kind);
  if (select !== 'flow' && select !== 'session') return { ...query, queryType: kind, select };
  if (kind === 'history') return { ...query, queryType: select, select };
  // Live flows come by user.
  return { ...query, queryType: kind, select: 'user' };
}
