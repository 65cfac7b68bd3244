import type { CheckpointRecord, SnapshotFrame } from '@flow-tracking/protocol';
import type { Pool } from '../platform/postgres/pool';
import { byFlowAndNode, READ_BYTES, readFlows } from '../query/flows/flow-reader';
import { listFlows } from '../query/flows/flows-store';

/** Flows in a snapshot: this many of the newest, and of those still running. */
const SNAPSHOT_FLOWS = 20;
/** JSON of the checkpoints in a snapshot, which is sent unasked; of one flow what one read brings. */
const SNAPSHOT_BYTES = 3 * 1024 * 1024;
/** The same of each of the two lists of flows in it. */
const LIST_BYTES = 512 * 1024;

/** A user's running and latest flows. */
export async function readSnapshot(pool: Pool, userId: string): Promise<SnapshotFrame> {
  const [latest, running] = await Promise.all([
    listFlows(pool, { userIds: [userId], limit: SNAPSHOT_FLOWS }, LIST_BYTES),
    listFlows(pool, { userIds: [userId], statuses: ['running'], limit: SNAPSHOT_FLOWS }, LIST_BYTES),
  ]);
  const flows = [...new Map([...running.rows, ...latest.rows].map((flow) => [flow.flow_id, flow])).values()];
  const checkpoints: CheckpointRecord[] = [];
  const truncated = new Set(flows.map((flow) => flow.flow_id));
  let bytes = 0;
  for await (const part of readFlows(pool, flows, false)) {
    checkpoints.push(...part.checkpoints);
    if (part.isLast) truncated.delete(part.flow.flow_id);
    bytes += part.bytes;
    if (bytes + READ_BYTES > SNAPSHOT_BYTES) break;
  }
  const snapshot: SnapshotFrame = {
    type: 'snapshot',
    user_id: userId,
    flows,
    checkpoints: checkpoints.sort(byFlowAndNode),
  };
  return truncated.size === 0 ? snapshot : { ...snapshot, truncated: [...truncated] };
}
