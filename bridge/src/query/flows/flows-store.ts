import type { FlowRecord } from '@flow-tracking/protocol';
import { cleanText } from '../../platform/postgres/clean-json';
import type { Pool } from '../../platform/postgres/pool';
import { filterFlows, isSearch, type FlowFilter } from '../flow-filter-sql';
import { readPortion, type Portion } from '../portion-store';
import { prepared } from '../prepared';
import { FLOW_COLUMNS } from '../record-answers';

const NEWEST_FIRST = 'ORDER BY started_at DESC, flow_id DESC';

/** Filters of which each value has an index in the order of time. */
const SEVERAL = [
  ['userIds', 'user_id'],
  ['sessionIds', 'session_id'],
] as const;

/** The newest flows that pass the filter, as many of them as take no more than `bytes` of JSON together. */
export async function listFlows(pool: Pool, filter: FlowFilter, bytes: number): Promise<Portion<FlowRecord>> {
  const limit = Math.trunc(filter.limit);
  const { from, values } = newestFlows(filter, limit);
  // Spelled out: of a bound limit the planner would think that it is a tenth of all flows.
  const text = `SELECT ${FLOW_COLUMNS} FROM ${from} ${NEWEST_FIRST} LIMIT ${limit}`;
  return readPortion(pool, { text, values, limit, isPlannedAnew: isSearch(filter) }, bytes);
}

/**
 * The flows that a list is taken from, as `f`. Of several users or sessions each is asked for its newest, which its index
 * has in order: all of their flows would have to be sorted otherwise.
 */
function newestFlows(filter: FlowFilter, limit: number): { from: string; values: unknown[] } {
  const several = SEVERAL.find(([field]) => (filter[field]?.length ?? 0) > 1);
  if (several === undefined) {
    const { sql, values } = filterFlows(filter);
    return { from: `flow.flows AS f ${sql}`, values };
  }
  const [field, column] = several;
  const where = filterFlows({ ...filter, [field]: undefined });
  const wanted = where.bind((filter[field] ?? []).map(cleanText));
  where.and(`f.${column} = wanted.id`);
  const own = `SELECT f.* FROM flow.flows AS f ${where.sql} ${NEWEST_FIRST} LIMIT ${limit}`;
  const each = `(SELECT DISTINCT id FROM unnest(${wanted}::text[]) AS w(id)) AS wanted`;
  return { from: `(SELECT found.* FROM ${each}, LATERAL (${own}) AS found) AS f`, values: where.values };
}

/** One flow, or undefined when history has none of that id. */
export async function findFlow(pool: Pool, flowDay: string, flowId: string): Promise<FlowRecord | undefined> {
  const text = `SELECT ${FLOW_COLUMNS} FROM flow.flows WHERE flow_day = $1 AND flow_id = $2`;
  const { rows } = await pool.query<FlowRecord>(prepared(text, [flowDay, flowId]));
  return rows[0];
}
