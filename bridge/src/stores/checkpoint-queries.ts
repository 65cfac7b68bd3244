import type { CheckpointRecord } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { epochMs } from './columns';

const RECORD = `p.flow_id, node_id, parent_id, checkpoint, status,
  ${epochMs('started_at')} AS started_ts, ${epochMs('ended_at')} AS ended_ts, duration_ms, attributes, error, end_seq`;

/** What finds a flow: the day partition it is in, and its id. */
export interface FlowKey {
  flowDay: string;
  flowId: string;
}

/** All checkpoints of the given flows, by flow and node; a flat list, linked by `parent_id`. */
export async function listCheckpoints(pool: Pool, flows: readonly FlowKey[]): Promise<CheckpointRecord[]> {
  if (flows.length === 0) return [];
  const text = `SELECT ${RECORD}
FROM unnest($1::date[], $2::text[]) AS k(flow_day, flow_id)
JOIN flow.checkpoints AS p ON p.flow_day = k.flow_day AND p.flow_id = k.flow_id
ORDER BY p.flow_id, node_id`;
  const { rows } = await pool.query<CheckpointRecord>(text, [
    flows.map((flow) => flow.flowDay),
    flows.map((flow) => flow.flowId),
  ]);
  return rows;
}

/** The next checkpoints of one flow, by node, after node `afterNode`. */
export async function listCheckpointsAfter(
  pool: Pool,
  flow: FlowKey,
  afterNode: number,
  limit: number,
): Promise<CheckpointRecord[]> {
  const text = `SELECT ${RECORD} FROM flow.checkpoints AS p
WHERE p.flow_day = $1 AND p.flow_id = $2 AND node_id > $3 ORDER BY node_id LIMIT $4`;
  const { rows } = await pool.query<CheckpointRecord>(text, [flow.flowDay, flow.flowId, afterNode, limit]);
  return rows;
}
