import type { FlowRecord, FlowStatus } from '@flow-tracking/protocol';
import type { Pool, PoolClient } from '../adapters/postgres';
import { cleanText, toJsonb } from './clean-json';
import { columnArrays, EPOCH_MS, epochMs, insertFromUnnest, type Column } from './columns';
import type { FlowRow } from './rows';

const COLUMNS: readonly Column<FlowRow>[] = [
  ['flow_day', 'date', (row) => row.flowDay],
  ['flow_id', 'text', (row) => row.flowId],
  ['session_id', 'text', (row) => cleanText(row.sessionId)],
  ['session_seq', 'int', (row) => row.sessionSeq],
  ['user_id', 'text', (row) => (row.userId === null ? null : cleanText(row.userId))],
  ['user_seq', 'int', (row) => row.userSeq],
  ['name', 'text', (row) => cleanText(row.name)],
  ['service', 'text', (row) => cleanText(row.service)],
  ['instance', 'text', (row) => cleanText(row.instance)],
  ['status', 'text', (row) => row.status],
  ['started_at', EPOCH_MS, (row) => row.startedTs],
  ['ended_at', EPOCH_MS, (row) => row.endedTs],
  ['duration_ms', 'float8', (row) => row.durationMs],
  ['http_status', 'int', (row) => row.httpStatus],
  ['error', 'jsonb', (row) => (row.error === null ? null : toJsonb(row.error))],
  ['trace_id', 'text', (row) => (row.traceId === null ? null : cleanText(row.traceId))],
  ['attributes', 'jsonb', (row) => toJsonb(row.attributes)],
  ['last_seq', 'int', (row) => row.lastSeq],
  ['last_event_at', EPOCH_MS, (row) => row.lastEventTs],
];

/*
 * Commutative and idempotent, since two bridges may take a flow's events in any order and any number of times: of ids
 * the one with the highest seq wins, the start fills name and times, and an end is final.
 */
const UPSERT = `${insertFromUnnest('flow.flows', COLUMNS)}
ON CONFLICT (flow_day, flow_id) DO UPDATE SET
  session_id = CASE WHEN EXCLUDED.session_seq > t.session_seq THEN EXCLUDED.session_id ELSE t.session_id END,
  session_seq = GREATEST(EXCLUDED.session_seq, t.session_seq),
  user_id = CASE WHEN EXCLUDED.user_seq > t.user_seq THEN EXCLUDED.user_id ELSE t.user_id END,
  user_seq = GREATEST(EXCLUDED.user_seq, t.user_seq),
  name = COALESCE(NULLIF(EXCLUDED.name, ''), t.name),
  service = COALESCE(NULLIF(EXCLUDED.service, ''), t.service),
  instance = COALESCE(NULLIF(EXCLUDED.instance, ''), t.instance),
  started_at = CASE WHEN EXCLUDED.name <> '' THEN EXCLUDED.started_at ELSE t.started_at END,
  status = CASE WHEN EXCLUDED.status <> 'running' THEN EXCLUDED.status ELSE t.status END,
  ended_at = COALESCE(EXCLUDED.ended_at, t.ended_at),
  duration_ms = COALESCE(EXCLUDED.duration_ms, t.duration_ms),
  http_status = COALESCE(EXCLUDED.http_status, t.http_status),
  error = COALESCE(EXCLUDED.error, t.error),
  trace_id = COALESCE(EXCLUDED.trace_id, t.trace_id),
  attributes = t.attributes || EXCLUDED.attributes,
  last_seq = GREATEST(EXCLUDED.last_seq, t.last_seq),
  last_event_at = GREATEST(EXCLUDED.last_event_at, t.last_event_at)`;

/*
 * Counted anew rather than added up, so that a redelivery changes nothing. The upsert before it holds the flows' row
 * locks, so the counts of two bridges that write the same flow follow one another.
 */
const RECOUNT = `UPDATE flow.flows AS f SET
  checkpoint_count = c.checkpoints, error_count = c.errors, input_tokens = c.input_tokens, output_tokens = c.output_tokens
FROM (
  SELECT k.flow_day, k.flow_id, count(*) AS checkpoints, count(*) FILTER (WHERE p.status = 'error') AS errors,
         sum(p.input_tokens)::bigint AS input_tokens, sum(p.output_tokens)::bigint AS output_tokens
  FROM unnest($1::date[], $2::text[]) AS k(flow_day, flow_id)
  JOIN flow.checkpoints AS p ON p.flow_day = k.flow_day AND p.flow_id = k.flow_id
  GROUP BY k.flow_day, k.flow_id
) AS c
WHERE f.flow_day = c.flow_day AND f.flow_id = c.flow_id`;

/** Writes what a batch knows of each flow. Rows must be sorted by key, or two bridges deadlock. */
export async function upsertFlows(client: PoolClient, rows: readonly FlowRow[]): Promise<void> {
  await client.query({ name: 'upsert_flows', text: UPSERT, values: columnArrays(COLUMNS, rows) });
}

/** Brings the counts of flows up to their checkpoints. Call it after both upserts, in their transaction. */
export async function recountFlows(client: PoolClient, rows: readonly FlowRow[]): Promise<void> {
  const values = [rows.map((row) => row.flowDay), rows.map((row) => row.flowId)];
  await client.query({ name: 'recount_flows', text: RECOUNT, values });
}

const RECORD = `flow_id, session_id, user_id, name, service, instance, status,
  ${epochMs('started_at')} AS started_ts, ${epochMs('ended_at')} AS ended_ts, duration_ms, http_status, error, trace_id,
  attributes, checkpoint_count, error_count, input_tokens::float8, output_tokens::float8, last_seq`;

/** Where a page of flows goes on: the last flow of the page before it. */
export interface FlowCursor {
  startedTs: number;
  flowId: string;
}

/** Which flows to list; newest first. Times are epoch ms of the flow's start. */
export interface FlowFilter {
  userId?: string | undefined;
  sessionId?: string | undefined;
  status?: FlowStatus | undefined;
  fromTs?: number | undefined;
  toTs?: number | undefined;
  cursor?: FlowCursor | undefined;
  limit: number;
}

/** The newest flows that pass the filter. */
export async function listFlows(pool: Pool, filter: FlowFilter): Promise<FlowRecord[]> {
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const time = (ts: number): string => `to_timestamp(${value(ts)}::float8 / 1000.0)`;
  const where: string[] = [];
  if (filter.userId !== undefined) where.push(`user_id = ${value(cleanText(filter.userId))}`);
  if (filter.sessionId !== undefined) where.push(`session_id = ${value(cleanText(filter.sessionId))}`);
  if (filter.status !== undefined) where.push(`status = ${value(filter.status)}`);
  if (filter.fromTs !== undefined) where.push(`started_at >= ${time(filter.fromTs)}`);
  if (filter.toTs !== undefined) where.push(`started_at <= ${time(filter.toTs)}`);
  if (filter.cursor !== undefined) {
    where.push(`(started_at, flow_id) < (${time(filter.cursor.startedTs)}, ${value(filter.cursor.flowId)})`);
  }
  const condition = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
  const text = `SELECT ${RECORD} FROM flow.flows ${condition}
ORDER BY started_at DESC, flow_id DESC LIMIT ${value(filter.limit)}`;
  const { rows } = await pool.query<FlowRecord>(text, values);
  return rows;
}

/** One flow, or undefined when history has none of that id. */
export async function findFlow(pool: Pool, flowDay: string, flowId: string): Promise<FlowRecord | undefined> {
  const text = `SELECT ${RECORD} FROM flow.flows WHERE flow_day = $1 AND flow_id = $2`;
  const { rows } = await pool.query<FlowRecord>(text, [flowDay, flowId]);
  return rows[0];
}

/** Users by their newest flow, newest first. `q` keeps those whose id contains it. */
export async function listUsers(
  pool: Pool,
  filter: { fromTs: number; q?: string | undefined; limit: number },
): Promise<{ user_id: string; last_flow_ts: number; flow_count: number }[]> {
  const text = `SELECT user_id, ${epochMs('max(started_at)')} AS last_flow_ts, count(*)::int AS flow_count
FROM flow.flows
WHERE started_at >= to_timestamp($1::float8 / 1000.0) AND user_id IS NOT NULL
  AND ($2::text IS NULL OR strpos(user_id, $2) > 0)
GROUP BY user_id ORDER BY max(started_at) DESC, user_id LIMIT $3`;
  const { rows } = await pool.query<{ user_id: string; last_flow_ts: number; flow_count: number }>(text, [
    filter.fromTs,
    filter.q === undefined ? null : cleanText(filter.q),
    filter.limit,
  ]);
  return rows;
}
