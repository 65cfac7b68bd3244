import type { FlowRecord, FlowStatus } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { cleanText } from './clean-json';
import { epochMs } from './columns';

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
