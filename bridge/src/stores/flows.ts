import type { PoolClient } from '../adapters/postgres';
import { cleanText, toJsonb } from './clean-json';
import { columnArrays, EPOCH_MS, insertFromUnnest, type Column } from './columns';
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
