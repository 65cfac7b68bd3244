import type { OpenCheckpoint, RunningFlows } from '@flow-tracking/protocol';
import { flowDay } from '../../platform/postgres/flow-key';
import type { Pool } from '../../platform/postgres/pool';
import { listOpen, listRunning, type RunningFilter } from './running-store';

/** Flows of one answer, in bytes of JSON. */
const LIST_BYTES = 2 * 1024 * 1024;
/** What a flow may wait for at once, as far as it is told. */
const MOST_OPEN = 5;

/** What runs now, of all users, monitored or not; the oldest first. */
export async function readRunning(pool: Pool, filter: RunningFilter): Promise<RunningFlows> {
  const { rows, isCut } = await listRunning(pool, { ...filter, limit: filter.limit + 1 }, LIST_BYTES);
  const flows = rows.slice(0, filter.limit);
  const open = await listOpen(
    pool,
    flows.map(({ flow_id: flowId }) => ({ flowDay: flowDay(flowId), flowId })),
    MOST_OPEN,
  );
  const byFlow = new Map<string, { open: OpenCheckpoint[]; count: number }>();
  for (const { flow_id: flowId, open_count: count, ...checkpoint } of open) {
    const known = byFlow.get(flowId) ?? { open: [], count };
    known.open.push(checkpoint);
    byFlow.set(flowId, known);
  }
  return {
    now_ts: Date.now(),
    flows: flows.map((flow) => ({
      flow,
      open: byFlow.get(flow.flow_id)?.open ?? [],
      open_count: byFlow.get(flow.flow_id)?.count ?? 0,
    })),
    has_more: isCut,
  };
}
