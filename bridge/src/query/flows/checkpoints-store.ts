import type { CheckpointRecord } from '@flow-tracking/protocol';
import type { FlowKey } from '../../platform/postgres/flow-key';
import type { Pool } from '../../platform/postgres/pool';
import { readPortion, type Portion } from '../portion-store';
import { CHECKPOINT_COLUMNS } from '../record-answers';

/** How much one read may bring: so many rows, and so many bytes of JSON, but one row at least. */
export interface Measure {
  rows: number;
  bytes: number;
}

/** With one day in it, a plan is of one partition: quick to make, and kept. */
const OF_DAY = `SELECT ${CHECKPOINT_COLUMNS} FROM flow.checkpoints AS p
WHERE p.flow_day = $1 AND p.flow_id = ANY($2::text[]) ORDER BY array_position($2::text[], p.flow_id), node_id LIMIT $3`;

/** Checkpoints of flows of one day, in the order of the flows and by node; a flat list, linked by `parent_id`. */
export async function listCheckpoints(
  pool: Pool,
  flowDay: string,
  flowIds: readonly string[],
  { rows, bytes }: Measure,
): Promise<Portion<CheckpointRecord>> {
  return readPortion(pool, { text: OF_DAY, values: [flowDay, flowIds, rows], limit: rows }, bytes);
}

const OF_FLOW = `SELECT ${CHECKPOINT_COLUMNS} FROM flow.checkpoints AS p
WHERE p.flow_day = $1 AND p.flow_id = $2 AND node_id > $3 ORDER BY node_id LIMIT $4`;

/** The next checkpoints of one flow, by node, after node `afterNode`. */
export async function listCheckpointsAfter(
  pool: Pool,
  flow: FlowKey,
  afterNode: number,
  { rows, bytes }: Measure,
): Promise<Portion<CheckpointRecord>> {
  const values = [flow.flowDay, flow.flowId, afterNode, rows];
  return readPortion(pool, { text: OF_FLOW, values, limit: rows }, bytes);
}
