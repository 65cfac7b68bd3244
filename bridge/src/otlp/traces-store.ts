import { SPAN_ATTRIBUTES, TRACE_PROCESS } from '@flow-tracking/protocol';
import { epochMs } from '../platform/postgres/columns';
import { flowDay } from '../platform/postgres/flow-key';
import type { Pool } from '../platform/postgres/pool';

/** Spans of all traces that are asked for at once; a trace with more is not found. */
const MAX_SPANS = 100_000;

/** A flow that came as spans, as history has it. */
export interface RecordedTrace {
  traceId: string;
  flowId: string;
  userId: string | null;
  /** Null: none was told. */
  sessionId: string | null;
  name: string | null;
  startedTs: number;
  hasEnded: boolean;
  lastSeq: number;
  spans: RecordedSpan[];
}

export interface RecordedSpan {
  nodeId: number;
  parentNode: number | null;
  /** Number of the event that ended it; null: none has. */
  endSeq: number | null;
  spanId: string;
  parentId: string | null;
}

/** By the index flows_trace, in the few days around. The first flow of a trace is the one that goes on. */
const FLOWS = `SELECT DISTINCT ON (trace_id) trace_id AS "traceId", flow_id AS "flowId", user_id AS "userId",
  CASE WHEN session_seq > 0 THEN session_id END AS "sessionId", CASE WHEN name_seq > 0 THEN name END AS name,
  ${epochMs('started_at')} AS "startedTs", status NOT IN ('running', 'lost') AS "hasEnded", last_seq AS "lastSeq"
FROM flow.flows
WHERE trace_id = ANY($1::text[]) AND flow_day BETWEEN $2::date AND $3::date
  AND substr(flow_id, 11, 8) = '${TRACE_PROCESS}'
ORDER BY trace_id, flow_id`;

const SPANS = `SELECT p.flow_id AS "flowId", p.node_id AS "nodeId", p.parent_id AS "parentNode", p.end_seq AS "endSeq",
  p.attributes->>'${SPAN_ATTRIBUTES.spanId}' AS "spanId", p.attributes->>'${SPAN_ATTRIBUTES.parentSpanId}' AS "parentId"
FROM unnest($1::date[], $2::text[]) AS k(flow_day, flow_id)
JOIN flow.checkpoints AS p ON p.flow_day = k.flow_day AND p.flow_id = k.flow_id
LIMIT ${MAX_SPANS + 1}`;

/** Traces that history has, of those asked for whose flows began between two days, `YYYY-MM-DD`. */
export async function readTraces(
  pool: Pool,
  traceIds: readonly string[],
  firstDay: string,
  lastDay: string,
): Promise<RecordedTrace[]> {
  const flows = await pool.query<Omit<RecordedTrace, 'spans'>>({
    name: 'read_traces',
    text: FLOWS,
    values: [traceIds, firstDay, lastDay],
  });
  if (flows.rows.length === 0) return [];
  const byId = new Map(flows.rows.map((flow) => [flow.flowId, { ...flow, spans: [] as RecordedSpan[] }]));
  const ids = [...byId.keys()];
  const spans = await pool.query<RecordedSpan & { flowId: string }>({
    name: 'read_trace_spans',
    text: SPANS,
    values: [ids.map(flowDay), ids],
  });
  if (spans.rows.length > MAX_SPANS) return [];
  for (const { flowId, ...span } of spans.rows) byId.get(flowId)?.spans.push(span);
  return [...byId.values()];
}
