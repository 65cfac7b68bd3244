import { CHECKPOINT_RECORD_FIELDS, type Attributes, type CheckpointStatus } from '@flow-tracking/protocol';
import { columnArrays, epochMs, insertFromUnnest, type Column } from '../platform/postgres/columns';
import type { PoolClient } from '../platform/postgres/pool';
import { mergedColumns, writtenColumns } from '../platform/postgres/record-columns';
import { callAttributes } from './call-attributes-sql';
import type { CheckpointRow } from './rows';

const KEY: readonly Column<CheckpointRow>[] = [
  ['flow_day', 'date', (row) => row.flow_day],
  ['flow_id', 'text', (row) => row.flow_id],
  ['node_id', 'int', (row) => row.node_id],
];

const COLUMNS: readonly Column<CheckpointRow>[] = [
  ['flow_day', 'date', (row) => row.flow_day],
  ...writtenColumns(CHECKPOINT_RECORD_FIELDS),
  ['input_tokens', 'bigint', (row) => row.input_tokens],
  ['output_tokens', 'bigint', (row) => row.output_tokens],
];

/*
 * Commutative and idempotent: an end before its begin makes the row and the begin fills it in. What the end says of
 * status, times and tokens is final; of attributes, the end's win over the begin's whichever comes first. An end that the
 * flow gave holds until its own end comes, which replaces it.
 */
const UPSERT = `${insertFromUnnest('flow.checkpoints', COLUMNS)}
ON CONFLICT (flow_day, flow_id, node_id) DO UPDATE SET
  ${mergedColumns(CHECKPOINT_RECORD_FIELDS, {
    flow_id: null,
    node_id: null,
    parent_id: null,
    checkpoint: null,
    status: "CASE WHEN EXCLUDED.status <> 'running' THEN EXCLUDED.status ELSE t.status END",
    started_ts: null,
    attributes: `CASE WHEN EXCLUDED.end_seq IS NULL THEN EXCLUDED.attributes || t.attributes
                    ELSE t.attributes || EXCLUDED.attributes END`,
    error: `CASE WHEN t.unended AND EXCLUDED.end_seq IS NOT NULL THEN EXCLUDED.error
               ELSE COALESCE(EXCLUDED.error, t.error) END`,
  })},
  unended = t.unended AND EXCLUDED.end_seq IS NULL,
  input_tokens = COALESCE(CASE WHEN EXCLUDED.end_seq IS NULL THEN t.input_tokens END, EXCLUDED.input_tokens, t.input_tokens),
  output_tokens = COALESCE(CASE WHEN EXCLUDED.end_seq IS NULL THEN t.output_tokens END, EXCLUDED.output_tokens, t.output_tokens)`;

/** Writes what a batch knows of each checkpoint. Rows must be sorted by key, or two bridges deadlock. */
export async function upsertCheckpoints(client: PoolClient, rows: readonly CheckpointRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query({ name: 'upsert_checkpoints', text: UPSERT, values: columnArrays(COLUMNS, rows) });
}

/** How a checkpoint stands in history. */
export interface CheckpointState {
  status: CheckpointStatus;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Those at least that tell of a model call. */
  attributes: Attributes;
  /** How it ended; null: it runs. Of an instant checkpoint, its moment. */
  end: { endedTs: number; durationMs: number | null } | null;
  /** The end is one that its flow gave it. */
  isUnended: boolean;
}

const READ_STATES = `SELECT k.ord::int, p.status, p.input_tokens::float8, p.output_tokens::float8,
  ${epochMs('COALESCE(p.ended_at, p.started_at)')}, p.duration_ms, p.unended AND p.end_seq IS NULL, ${callAttributes('p')}
FROM unnest($1::date[], $2::text[], $3::int[]) WITH ORDINALITY AS k(flow_day, flow_id, node_id, ord)
JOIN flow.checkpoints AS p ON p.flow_day = k.flow_day AND p.flow_id = k.flow_id AND p.node_id = k.node_id`;

/** How the given checkpoints stand before they are written; those that are not there are left out. */
export async function readStates<Row extends CheckpointRow>(
  client: PoolClient,
  rows: readonly Row[],
): Promise<Map<Row, CheckpointState>> {
  if (rows.length === 0) return new Map();
  type Found = [
    ...[ord: number, status: CheckpointStatus, inputTokens: number | null, outputTokens: number | null],
    ...[endedTs: number, durationMs: number | null, isUnended: boolean, attributes: Attributes],
  ];
  const { rows: found } = await client.query<Found>({
    name: 'read_checkpoint_states',
    text: READ_STATES,
    values: columnArrays(KEY, rows),
    rowMode: 'array',
  });
  return new Map(
    found.map(([ord, status, inputTokens, outputTokens, endedTs, durationMs, isUnended, attributes]) => {
      const end = status === 'running' ? null : { endedTs, durationMs };
      return [rows[ord - 1]!, { status, inputTokens, outputTokens, attributes, end, isUnended }];
    }),
  );
}
