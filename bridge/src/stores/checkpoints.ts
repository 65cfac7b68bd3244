import type { CheckpointStatus } from '@flow-tracking/protocol';
import type { PoolClient } from '../adapters/postgres';
import { cleanText, toJsonb } from './clean-json';
import { columnArrays, elementType, EPOCH_MS, fromElement, type Column } from './columns';
import type { CheckpointRow } from './rows';

const COLUMNS: readonly Column<CheckpointRow>[] = [
  ['flow_day', 'date', (row) => row.flowDay],
  ['flow_id', 'text', (row) => row.flowId],
  ['node_id', 'int', (row) => row.nodeId],
  ['parent_id', 'int', (row) => row.parentId],
  ['checkpoint', 'text', (row) => cleanText(row.checkpoint)],
  ['status', 'text', (row) => row.status],
  ['started_at', EPOCH_MS, (row) => row.startedTs],
  ['ended_at', EPOCH_MS, (row) => row.endedTs],
  ['duration_ms', 'float8', (row) => row.durationMs],
  ['attributes', 'jsonb', (row) => toJsonb(row.attributes)],
  ['error', 'jsonb', (row) => (row.error === null ? null : toJsonb(row.error))],
  ['input_tokens', 'bigint', (row) => row.inputTokens],
  ['output_tokens', 'bigint', (row) => row.outputTokens],
  ['end_seq', 'int', (row) => row.endSeq],
];

/*
 * Commutative and idempotent: an end before its begin makes the row and the begin fills it in. What the end says of
 * status, times and tokens is final; of attributes, the end's win over the begin's whichever comes first.
 *
 * How the rows stood before tells what is new. That read is exact, though another bridge may write the same flow: the
 * flows' upsert before it holds their locks, and this statement sees all that was committed when it got them. Only flows
 * that were there before ($15) are looked up and counted on; a new flow was inserted with its counts.
 */
const UPSERT = `WITH
input AS (
  SELECT * FROM unnest(${COLUMNS.map(([, type], i) => `$${i + 1}::${elementType(type)}[]`).join(', ')}, $15::boolean[])
    WITH ORDINALITY AS u(${COLUMNS.map(([name]) => name).join(', ')}, is_known, ord)
),
before AS (
  SELECT i.ord, p.status, p.input_tokens, p.output_tokens FROM input AS i
  JOIN flow.checkpoints AS p ON p.flow_day = i.flow_day AND p.flow_id = i.flow_id AND p.node_id = i.node_id
  WHERE i.is_known
),
written AS (
  INSERT INTO flow.checkpoints AS t (${COLUMNS.map(([name]) => name).join(', ')})
  SELECT ${COLUMNS.map(fromElement).join(', ')} FROM input
  ON CONFLICT (flow_day, flow_id, node_id) DO UPDATE SET
    status = CASE WHEN EXCLUDED.status <> 'running' THEN EXCLUDED.status ELSE t.status END,
    ended_at = COALESCE(EXCLUDED.ended_at, t.ended_at),
    duration_ms = COALESCE(EXCLUDED.duration_ms, t.duration_ms),
    attributes = CASE WHEN EXCLUDED.end_seq IS NULL THEN EXCLUDED.attributes || t.attributes
                      ELSE t.attributes || EXCLUDED.attributes END,
    error = COALESCE(EXCLUDED.error, t.error),
    input_tokens = COALESCE(CASE WHEN EXCLUDED.end_seq IS NULL THEN t.input_tokens END, EXCLUDED.input_tokens, t.input_tokens),
    output_tokens = COALESCE(CASE WHEN EXCLUDED.end_seq IS NULL THEN t.output_tokens END, EXCLUDED.output_tokens, t.output_tokens),
    end_seq = COALESCE(EXCLUDED.end_seq, t.end_seq)
  RETURNING flow_day, flow_id, node_id, status, input_tokens, output_tokens
),
change AS (
  SELECT i.ord, i.is_known, w.*, b.status AS status_before,
         b.input_tokens AS input_before, b.output_tokens AS output_before
  FROM written AS w
  JOIN input AS i ON i.flow_id = w.flow_id AND i.node_id = w.node_id
  LEFT JOIN before AS b ON b.ord = i.ord
),
counted AS (
  UPDATE flow.flows AS f SET
    checkpoint_count = f.checkpoint_count + c.checkpoints,
    error_count = f.error_count + c.errors,
    input_tokens = CASE WHEN c.input_tokens IS NULL THEN f.input_tokens ELSE COALESCE(f.input_tokens, 0) + c.input_tokens END,
    output_tokens = CASE WHEN c.output_tokens IS NULL THEN f.output_tokens ELSE COALESCE(f.output_tokens, 0) + c.output_tokens END
  FROM (
    SELECT flow_day, flow_id,
           count(*) FILTER (WHERE status_before IS NULL) AS checkpoints,
           count(*) FILTER (WHERE status = 'error') - count(*) FILTER (WHERE status_before = 'error') AS errors,
           (sum(input_tokens) - COALESCE(sum(input_before), 0))::bigint AS input_tokens,
           (sum(output_tokens) - COALESCE(sum(output_before), 0))::bigint AS output_tokens
    FROM change WHERE is_known GROUP BY flow_day, flow_id
  ) AS c
  WHERE f.flow_day = c.flow_day AND f.flow_id = c.flow_id
    AND (c.checkpoints, c.errors, COALESCE(c.input_tokens, 0), COALESCE(c.output_tokens, 0)) <> (0, 0, 0, 0)
)
SELECT ord::int, input_tokens::float8, output_tokens::float8 FROM change
WHERE status <> 'running' AND (status_before IS NULL OR status_before = 'running')`;

/** A checkpoint that a batch has ended: it was not there, or was still running. Each is told once, however often it is read. */
export interface EndedCheckpoint {
  checkpoint: string;
  status: CheckpointStatus;
  /** Epoch ms. */
  endedTs: number;
  durationMs: number | null;
  inputTokens: number;
  outputTokens: number;
}

/**
 * Writes what a batch knows of each checkpoint, and counts the new ones in their flows. Call it after the flows' upsert,
 * in its transaction. Rows must be sorted by key, or two bridges deadlock.
 *
 * @param knownFlows what the flows' upsert returned
 */
export async function upsertCheckpoints(
  client: PoolClient,
  rows: readonly CheckpointRow[],
  knownFlows: ReadonlySet<string>,
): Promise<EndedCheckpoint[]> {
  if (rows.length === 0) return [];
  const { rows: ended } = await client.query<[ord: number, inputTokens: number | null, outputTokens: number | null]>({
    name: 'upsert_checkpoints',
    text: UPSERT,
    values: [...columnArrays(COLUMNS, rows), rows.map((row) => knownFlows.has(row.flowId))],
    rowMode: 'array',
  });
  return ended.map(([ord, inputTokens, outputTokens]) => {
    const row = rows[ord - 1]!;
    return {
      checkpoint: cleanText(row.checkpoint),
      status: row.status,
      endedTs: row.endedTs ?? row.startedTs,
      durationMs: row.durationMs,
      inputTokens: inputTokens ?? 0,
      outputTokens: outputTokens ?? 0,
    };
  });
}
