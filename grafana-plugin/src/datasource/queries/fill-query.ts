import { HISTORY_LIMITS } from '../history-budget';
import { LIVE_USERS } from '../answers';
import { targetOf } from '../target';
import { readStatuses } from './filters';
import type { FlowQuery, QueryKindName } from '../types';
import type { ReadText, Selector } from './query-kind';

const FILTERS = [
  ['user', 'users'],
  ['session', 'sessions'],
  ['service', 'services'],
  ['checkpoint', 'checkpoints'],
] as const satisfies readonly (readonly [keyof FlowQuery, Selector])[];

/** Kinds that choose flows by one id or another; all others filter, even where a query still has its `select`. */
const OF_TARGETS: readonly QueryKindName[] = ['live', 'history', 'session', 'flow'];

/** Queries that one may become. */
const MAX_QUERIES = 20;

/** Queries of flows: by ids of what is selected. */
function fillTarget(query: FlowQuery, read: ReadText): FlowQuery[] {
  const { select, ids } = targetOf(query, read);
  const filled: FlowQuery = { ...query, select, user: '', session: '', flow: '' };
  if (select === 'everyone') return [filled];
  const [first = '', ...others] = ids.slice(0, query.queryType === 'live' ? LIVE_USERS : HISTORY_LIMITS.ids);
  return [
    { ...filled, [select]: first },
    ...others.map((id, i) => ({ ...filled, refId: `${query.refId}${i + 2}`, [select]: id })),
  ];
}

/** Filters: one without a value keeps its variable, which nothing passes; without any text everything would. */
function fillFilters(query: FlowQuery, read: ReadText): FlowQuery[] {
  const statuses = readStatuses(query.status ?? [], read);
  // A status that no flow has keeps what a variable without a value lets through: nothing.
  const status = statuses?.length === 0 ? query.status : (statuses ?? undefined);
  let queries = [query.status === undefined ? query : { ...query, status }];
  for (const [field, of] of FILTERS) {
    const text = query[field] ?? '';
    if (text === '') continue;
    const { ids, all } = read(text, of);
    if (!all && ids.length === 0) continue;
    const values = all ? [''] : ids;
    queries = queries.flatMap((known) => values.map((value) => ({ ...known, [field]: value }))).slice(0, MAX_QUERIES);
  }
  return queries.map((filled, i) => (i === 0 ? filled : { ...filled, refId: `${query.refId}${i + 1}` }));
}

/** Fills in the variables of a query that leaves its dashboard; with several values it becomes several queries. */
export function fillQuery(query: FlowQuery, read: ReadText): FlowQuery[] {
  return OF_TARGETS.includes(query.queryType ?? 'live') ? fillTarget(query, read) : fillFilters(query, read);
}
