import { FLOW_RECORD_FIELDS, type FlowStatus } from '@flow-tracking/protocol';
import { columnArrays, EPOCH_MS, insertFromUnnest, type Column } from '../platform/postgres/columns';
import type { PoolClient } from '../platform/postgres/pool';
import { mergedColumns, writtenColumns } from '../platform/postgres/record-columns';
import type { FlowRow } from './rows';

const COLUMNS: readonly Column<FlowRow>[] = [
  ['flow_day', 'date', (row) => row.flow_day],
  ...writtenColumns(FLOW_RECORD_FIELDS),
  ['session_seq', 'int', (row) => row.session_seq],
  ['user_seq', 'int', (row) => row.user_seq],
  ['name_seq', 'int', (row) => row.name_seq],
  ['last_event_at', EPOCH_MS, (row) => row.last_event_ts],
];

const GOES_ON = "t.status = 'lost' AND EXCLUDED.last_seq > t.last_seq";

/** A row of a bridge before migration 0007 has the number of a start, also where none has come: then its name is empty. */
const NAMES = "(EXCLUDED.name_seq > t.name_seq OR (t.name = '' AND EXCLUDED.name <> ''))";

/*
 * Commutative and idempotent, since two bridges may take a flow's events in any order and any number of times: of ids
 * and names the one with the highest seq wins, the start comes with the name, and an end is final. Counts are those of a new flow;
 * {@link addCounts} adds to those of one that was there. A flow taken for lost that goes on was not.
 */
const UPSERT = `${insertFromUnnest('flow.flows', COLUMNS)}
ON CONFLICT (flow_day, flow_id) DO UPDATE SET
  ${mergedColumns(FLOW_RECORD_FIELDS, {
    flow_id: null,
    session_id: 'CASE WHEN EXCLUDED.session_seq > t.session_seq THEN EXCLUDED.session_id ELSE t.session_id END',
    user_id: 'CASE WHEN EXCLUDED.user_seq > t.user_seq THEN EXCLUDED.user_id ELSE t.user_id END',
    name: `CASE WHEN ${NAMES} THEN EXCLUDED.name ELSE t.name END`,
    status: `CASE WHEN EXCLUDED.status <> 'running' THEN EXCLUDED.status WHEN ${GOES_ON} THEN 'running' ELSE t.status END`,
    started_ts: `CASE WHEN ${NAMES} THEN EXCLUDED.started_at ELSE t.started_at END`,
    ended_ts: `CASE WHEN ${GOES_ON} THEN EXCLUDED.ended_at ELSE COALESCE(EXCLUDED.ended_at, t.ended_at) END`,
    duration_ms: `CASE WHEN ${GOES_ON} THEN EXCLUDED.duration_ms ELSE COALESCE(EXCLUDED.duration_ms, t.duration_ms) END`,
    checkpoint_count: null,
    error_count: null,
    input_tokens: null,
    output_tokens: null,
    last_seq: 'GREATEST(EXCLUDED.last_seq, t.last_seq)',
  })},
  session_seq = GREATEST(EXCLUDED.session_seq, t.session_seq),
  user_seq = GREATEST(EXCLUDED.user_seq, t.user_seq),
  name_seq = GREATEST(EXCLUDED.name_seq, t.name_seq),
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
