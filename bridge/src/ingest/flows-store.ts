import type { FlowStatus } from '@flow-tracking/protocol';
import { cleanText, toJsonb } from '../platform/postgres/clean-json';
import { columnArrays, EPOCH_MS, insertFromUnnest, type Column } from '../platform/postgres/columns';
import type { PoolClient } from '../platform/postgres/pool';
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
  ['checkpoint_count', 'int', (row) => row.checkpointCount],
  ['error_count', 'int', (row) => row.errorCount],
  ['input_tokens', 'bigint', (row) => row.inputTokens],
  ['output_tokens', 'bigint', (row) => row.outputTokens],
  ['last_seq', 'int', (row) => row.lastSeq],
  ['last_event_at', EPOCH_MS, (row) => row.lastEventTs],
];

/*
 * Commutative and idempotent, since two bridges may take a flow's events in any order and any number of times: of ids
 * the one with the highest seq wins, the start fills name and times, and an end is final. Counts are those of a new flow;
 * {@link addCounts} adds to those of one that was there. A flow taken for lost that goes on was not.
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
  status = CASE WHEN EXCLUDED.status <> 'running' THEN EXCLUDED.status
                WHEN t.status = 'lost' AND EXCLUDED.last_seq > t.last_seq THEN 'running' ELSE t.status END,
  ended_at = CASE WHEN t.status = 'lost' AND EXCLUDED.last_seq > t.last_seq THEN EXCLUDED.ended_at
                  ELSE COALESCE(EXCLUDED.ended_at, t.ended_at) END,
  duration_ms = CASE WHEN t.status = 'lost' AND EXCLUDED.last_seq > t.last_seq THEN EXCLUDED.duration_ms
                     ELSE COALESCE(EXCLUDED.duration_ms, t.duration_ms) END,
  http_status = COALESCE(EXCLUDED.http_status, t.http_status),
  error = COALESCE(EXCLUDED.error, t.error),
  trace_id = COALESCE(EXCLUDED.trace_id, t.trace_id),
  attributes = t.attributes || EXCLUDED.attributes,
  last_seq = GREATEST(EXCLUDED.last_seq, t.last_seq),
  last_event_at = GREATEST(EXCLUDED.last_event_at, t.last_event_at),
  revision = t.revision + 1
RETURNING flow_id, revision, status, unended_count`;

/** How the flows of a batch stand once it is written, by id. */
export interface WrittenFlows {
  /** Those that were there before. */
  known: Set<string>;
  /** Those whose open checkpoints may have to end, or to be opened again. */
  unreconciled: Set<string>;
}

/**
 * Writes what a batch knows of each flow, and holds the rows' locks until the transaction ends. Rows must be sorted by
 * key, or two bridges deadlock.
 */
export async function upsertFlows(client: PoolClient, rows: readonly FlowRow[]): Promise<WrittenFlows> {
  type Written = [flowId: string, revision: number, status: FlowStatus, unendedCount: number];
  const { rows: written } = await client.query<Written>({
    name: 'upsert_flows',
    text: UPSERT,
    values: columnArrays(COLUMNS, rows),
    rowMode: 'array',
  });
  const known = new Set<string>();
  const unreconciled = new Set<string>();
  for (const [flowId, revision, status, unendedCount] of written) {
    if (revision > 1) known.add(flowId);
    if (unendedCount > 0 || (status !== 'running' && status !== 'ok')) unreconciled.add(flowId);
  }
  return { known, unreconciled };
}

/** What a batch adds to the counts of a flow that was there before. */
export interface FlowCounts {
  flowDay: string;
  flowId: string;
  checkpoints: number;
  errors: number;
  /** Null: nothing is known of tokens. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** Checkpoints that their flow ended. */
  unended: number;
}

const ADD_COUNTS = `UPDATE flow.flows AS f SET
  checkpoint_count = f.checkpoint_count + c.checkpoints,
  error_count = f.error_count + c.errors,
  unended_count = f.unended_count + c.unended,
  input_tokens = CASE WHEN c.input_tokens IS NULL THEN f.input_tokens ELSE COALESCE(f.input_tokens, 0) + c.input_tokens END,
  output_tokens = CASE WHEN c.output_tokens IS NULL THEN f.output_tokens ELSE COALESCE(f.output_tokens, 0) + c.output_tokens END
FROM unnest($1::date[], $2::text[], $3::int[], $4::int[], $5::bigint[], $6::bigint[], $7::int[])
  AS c(flow_day, flow_id, checkpoints, errors, input_tokens, output_tokens, unended)
WHERE f.flow_day = c.flow_day AND f.flow_id = c.flow_id`;

/** Adds to the counts of flows. Their locks must be held: {@link upsertFlows}. */
export async function addCounts(client: PoolClient, counts: readonly FlowCounts[]): Promise<void> {
  if (counts.length === 0) return;
  const values = [
    counts.map((flow) => flow.flowDay),
    counts.map((flow) => flow.flowId),
    counts.map((flow) => flow.checkpoints),
    counts.map((flow) => flow.errors),
    counts.map((flow) => flow.inputTokens),
    counts.map((flow) => flow.outputTokens),
    counts.map((flow) => flow.unended),
  ];
  await client.query({ name: 'add_flow_counts', text: ADD_COUNTS, values });
}
