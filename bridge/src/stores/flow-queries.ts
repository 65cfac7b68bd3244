import { isFlowId, type FlowRecord, type FlowStatus } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { cleanText } from './clean-json';
import { epochMs } from './columns';
import { readPortion, type Portion } from './portion';
import { prepared } from './prepared';
import { createWhere, type Where } from './where';

const MS_PER_DAY = 86_400_000;

const RECORD = `flow_id, session_id, user_id, name, service, instance, status,
  ${epochMs('started_at')} AS started_ts, ${epochMs('ended_at')} AS ended_ts, duration_ms, http_status, error, trace_id,
  attributes, checkpoint_count, error_count, input_tokens::float8, output_tokens::float8, last_seq`;

/** What `text` is looked for in, in one piece; the separator is in no search, since those have no control characters. */
const SEARCHED = `concat_ws(E'\\x1f', flow_id, session_id, user_id, name, trace_id, error->>'message')`;

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
  /** Name of a checkpoint that the flow has. */
  checkpoint?: string | undefined;
  /** Of a flow that still runs: how long it has run already. */
  minDurationMs?: number | undefined;
  /** Text that an id, the name or the error's message contains, in upper or lower case. */
  text?: string | undefined;
  fromTs?: number | undefined;
  toTs?: number | undefined;
  cursor?: FlowCursor | undefined;
  limit: number;
}

/**
 * Bounds by time, and by partition with it: a flow's day is told by its id, and is the day of its start but for clocks
 * that are off by less than a day.
 */
function boundByTime(where: Where, { fromTs, toTs, cursor }: FlowFilter): void {
  const day = (ts: number): string => where.bind(new Date(ts).toISOString().slice(0, 10));
  if (fromTs !== undefined) {
    where.and(`started_at >= ${where.bindTime(fromTs)}`);
    where.and(`flow_day >= ${day(Math.max(0, fromTs - MS_PER_DAY))}`);
  }
  if (toTs !== undefined) where.and(`started_at <= ${where.bindTime(toTs)}`);
  if (cursor !== undefined) {
    where.and(`(started_at, flow_id) < (${where.bindTime(cursor.startedTs)}, ${where.bind(cursor.flowId)})`);
  }
  const lastTs = Math.min(toTs ?? Infinity, cursor?.startedTs ?? Infinity);
  // Beyond it are no days of four digits.
  if (lastTs < 253_402_214_400_000) where.and(`flow_day <= ${day(lastTs + MS_PER_DAY)}`);
}

function filterFlows(filter: FlowFilter): Where {
  const where = createWhere();
  const { bind, and } = where;
  if (filter.userId !== undefined) and(`user_id = ${bind(cleanText(filter.userId))}`);
  if (filter.sessionId !== undefined) and(`session_id = ${bind(cleanText(filter.sessionId))}`);
  if (filter.status !== undefined) and(`status = ${bind(filter.status)}`);
  if (filter.minDurationMs !== undefined) {
    const ranMs = `CASE WHEN status = 'running' THEN extract(epoch FROM now() - started_at) * 1000 END`;
    and(`COALESCE(duration_ms, ${ranMs}) >= ${bind(filter.minDurationMs)}`);
  }
  if (filter.checkpoint !== undefined) {
    const name = bind(cleanText(filter.checkpoint));
    and(`EXISTS (SELECT FROM flow.checkpoints AS p
    WHERE p.flow_day = f.flow_day AND p.flow_id = f.flow_id AND p.checkpoint = ${name})`);
  }
  if (filter.text !== undefined) {
    const text = filter.text;
    // A whole id is found by its index.
    if (isFlowId(text.toUpperCase())) and(`flow_id = ${bind(text.toUpperCase())}`);
    else and(`strpos(lower(${SEARCHED}), lower(${bind(cleanText(text))})) > 0`);
  }
  boundByTime(where, filter);
  return where;
}

/** The newest flows that pass the filter, as many of them as take no more than `bytes` of JSON together. */
export async function listFlows(pool: Pool, filter: FlowFilter, bytes: number): Promise<Portion<FlowRecord>> {
  const { sql, values } = filterFlows(filter);
  const limit = Math.trunc(filter.limit);
  // Spelled out: of a bound limit the planner would think that it is a tenth of all flows.
  const text = `SELECT ${RECORD} FROM flow.flows AS f ${sql}
ORDER BY started_at DESC, flow_id DESC LIMIT ${limit}`;
  const isSearch = filter.text !== undefined || filter.checkpoint !== undefined || filter.minDurationMs !== undefined;
  return readPortion(pool, { text, values, limit, isPlannedAnew: isSearch }, bytes);
}

/** One flow, or undefined when history has none of that id. */
export async function findFlow(pool: Pool, flowDay: string, flowId: string): Promise<FlowRecord | undefined> {
  const text = `SELECT ${RECORD} FROM flow.flows WHERE flow_day = $1 AND flow_id = $2`;
  const { rows } = await pool.query<FlowRecord>(prepared(text, [flowDay, flowId]));
  return rows[0];
}
