import type { CheckpointRecord } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { epochMs } from './columns';

/** All checkpoints of the given flows, by flow and node; a flat list, linked by `parent_id`. */
export async function listCheckpoints(
  pool: Pool,
  flows: readonly { flowDay: string; flowId: string }[],
): Promise<CheckpointRecord[]> {
  if (flows.length === 0) return [];
  const text = `SELECT p.flow_id, node_id, parent_id, checkpoint, status,
  ${epochMs('started_at')} AS started_ts, ${epochMs('ended_at')} AS ended_ts, duration_ms, attributes, error, end_seq
FROM unnest($1::date[], $2::text[]) AS k(flow_day, flow_id)
JOIN flow.checkpoints AS p ON p.flow_day = k.flow_day AND p.flow_id = k.flow_id
ORDER BY p.flow_id, node_id`;
  const { rows } = await pool.query<CheckpointRecord>(text, [
    flows.map((flow) => flow.flowDay),
    flows.map((flow) => flow.flowId),
  ]);
  return rows;
}
