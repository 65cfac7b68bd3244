import type { Attributes, CheckpointStatus } from '@flow-tracking/protocol';
import { epochMs } from '../platform/postgres/columns';
import type { FlowKey } from '../platform/postgres/flow-key';
import type { PoolClient } from '../platform/postgres/pool';
import { callAttributes } from './call-attributes-sql';

/** One checkpoint without an end of its own, before and after its flow was looked at. Times are epoch ms. */
export interface OpenChange {
  flowDay: string;
  flowId: string;
  checkpoint: string;
  status: CheckpointStatus;
  endedTs: number | null;
  durationMs: number | null;
  wasStatus: CheckpointStatus;
  wasEndedTs: number | null;
  wasDurationMs: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Those that tell of a model call. */
  attributes: Attributes;
}

/** A flow whose open checkpoints are looked at. Its lock must be held. */
export interface FlowToReconcile extends FlowKey {
  /** Its process died: what a flow that ended well left open is lost. */
  hasDied: boolean;
}

/** Beyond it one statement over all partitions costs less than one a day. */
const MAX_DAYS = 3;

/**
 * The rule is that of the protocol's `endByFlow` and `endByDeath`.
 *
 * @param day the partition that all flows are in. Written into the text, so that nothing is planned or opened of the others:
 *   with three months of days that takes 10 ms
 */
const reconcileSql = (day?: string): string => {
  const isOfDay = (table: string): string => (day === undefined ? '' : ` AND ${table}.flow_day = '${day}'`);
  return `UPDATE flow.checkpoints AS p SET
  status = n.status,
  ended_at = n.ended_at,
  duration_ms = extract(epoch FROM n.ended_at - p.started_at) * 1000,
  error = n.error,
  unended = n.status <> 'running'
FROM (
  SELECT o.flow_day, o.flow_id, o.node_id,
    o.status AS was_status, o.ended_at AS was_ended_at, o.duration_ms AS was_duration_ms,
    CASE WHEN d.ends THEN d.status ELSE 'running' END AS status,
    CASE WHEN d.ends THEN GREATEST(d.ended_at, o.started_at) END AS ended_at,
    CASE WHEN d.status = 'error' THEN f.error END AS error
  FROM unnest($1::date[], $2::text[], $3::boolean[]) AS k(flow_day, flow_id, has_died)
  JOIN flow.flows AS f ON f.flow_day = k.flow_day AND f.flow_id = k.flow_id${isOfDay('f')}
  CROSS JOIN LATERAL (
    SELECT k.has_died OR f.status NOT IN ('running', 'ok') AS ends,
      CASE WHEN f.status IN ('running', 'ok') THEN 'lost' ELSE f.status END AS status,
      CASE WHEN f.status IN ('running', 'ok') THEN f.last_event_at ELSE f.ended_at END AS ended_at
  ) AS d
  JOIN flow.checkpoints AS o ON o.flow_day = k.flow_day AND o.flow_id = k.flow_id${isOfDay('o')}
  WHERE o.end_seq IS NULL AND (o.unended OR o.status = 'running')
) AS n
WHERE p.flow_day = n.flow_day AND p.flow_id = n.flow_id AND p.node_id = n.node_id${isOfDay('p')}
  AND (n.was_status, n.was_ended_at) IS DISTINCT FROM (n.status, n.ended_at)
RETURNING p.flow_day::text AS "flowDay", p.flow_id AS "flowId", p.checkpoint,
  p.status, ${epochMs('p.ended_at')} AS "endedTs", p.duration_ms AS "durationMs",
  n.was_status AS "wasStatus", ${epochMs('n.was_ended_at')} AS "wasEndedTs", n.was_duration_ms AS "wasDurationMs",
  p.input_tokens::float8 AS "inputTokens", p.output_tokens::float8 AS "outputTokens",
  ${callAttributes('p')} AS attributes`;
};

async function reconcile(client: PoolClient, flows: readonly FlowToReconcile[], day?: string): Promise<OpenChange[]> {
  const values = [
    flows.map((flow) => flow.flowDay),
    flows.map((flow) => flow.flowId),
    flows.map((flow) => flow.hasDied),
  ];
  return (await client.query<OpenChange>(reconcileSql(day), values)).rows;
}

/**
 * Ends the open checkpoints of flows as their flows stand, and opens those again that were ended so and whose flow goes
 * on. Idempotent.
 *
 * @returns what it changed
 */
export async function reconcileOpenCheckpoints(
  client: PoolClient,
  flows: readonly FlowToReconcile[],
): Promise<OpenChange[]> {
  const days = [...new Set(flows.map((flow) => flow.flowDay))];
  if (days.length > MAX_DAYS) return reconcile(client, flows);
  const changes: OpenChange[] = [];
  for (const day of days) {
    const ofDay = flows.filter((flow) => flow.flowDay === day);
    for (const change of await reconcile(client, ofDay, day)) changes.push(change);
  }
  return changes;
}
