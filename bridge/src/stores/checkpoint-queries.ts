import { ATTRIBUTES, type CheckpointRecord } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { epochMs } from './columns';
import { prepared } from './prepared';

/** The mark of an end that the flow gave, in place of one of its own. */
const ATTRIBUTES_OF = `CASE WHEN unended AND end_seq IS NULL THEN attributes || '{"${ATTRIBUTES.unended}": true}' ELSE attributes END AS attributes`;

const RECORD = `p.flow_id, node_id, parent_id, checkpoint, status,
  ${epochMs('started_at')} AS started_ts, ${epochMs('ended_at')} AS ended_ts, duration_ms, ${ATTRIBUTES_OF}, error, end_seq`;

/** What finds a flow: the day partition it is in, and its id. */
export interface FlowKey {
  flowDay: string;
  flowId: string;
}

/** With one day in it, a plan is of one partition: quick to make, and kept. */
const OF_DAY = `SELECT ${RECORD} FROM flow.checkpoints AS p
WHERE p.flow_day = $1 AND p.flow_id = ANY($2::text[]) ORDER BY p.flow_id, node_id`;

/** All checkpoints of the given flows, by flow and node; a flat list, linked by `parent_id`. */
export async function listCheckpoints(pool: Pool, flows: readonly FlowKey[]): Promise<CheckpointRecord[]> {
  const idsByDay = new Map<string, string[]>();
  for (const { flowDay, flowId } of flows) idsByDay.set(flowDay, [...(idsByDay.get(flowDay) ?? []), flowId]);
  const checkpoints: CheckpointRecord[][] = [];
  // By day is by id, too, which begins with the time.
  for (const [day, ids] of [...idsByDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    checkpoints.push((await pool.query<CheckpointRecord>(prepared(OF_DAY, [day, ids]))).rows);
  }
  return checkpoints.flat();
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
  const values = [flow.flowDay, flow.flowId, afterNode, limit];
  const { rows } = await pool.query<CheckpointRecord>(prepared(text, values));
  return rows;
}
