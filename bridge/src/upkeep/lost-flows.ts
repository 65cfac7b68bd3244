import { addToStats } from '../ingest/checkpoint-stats-store';
import { countChanges } from '../ingest/count-changes';
import { addCounts } from '../ingest/flows-store';
import { reconcileOpenCheckpoints, type FlowToReconcile } from '../ingest/open-checkpoints-store';
import type { FlowKey } from '../platform/postgres/flow-key';
import { inTransaction, type Pool, type PoolClient } from '../platform/postgres/pool';
import { lockLeftOpen, lockSweep, markLost, type DeathLimits } from './flow-sweep-store';
import type { Processes } from './processes';

/** Open checkpoints that are ended in one transaction, so that nobody waits long for their flows. */
const MOST_OPEN = 500;

async function reconcile(client: PoolClient, flows: readonly FlowToReconcile[]): Promise<number> {
  const changed = await reconcileOpenCheckpoints(client, flows);
  const changes = countChanges([], new Set(), new Map(), changed);
  await addCounts(client, changes.counts);
  await addToStats(client, changes);
  return changed.length;
}

/**
 * Marks the running flows of dead processes as lost, with the checkpoints that they left open. Of several bridges one does
 * it at a time; the others mark nothing.
 *
 * @returns the flows
 */
export function markLostFlows(pool: Pool, processes: Processes, limits: DeathLimits): Promise<FlowKey[]> {
  return inTransaction(pool, async (client) => {
    if (!(await lockSweep(client))) return [];
    const lost = await markLost(client, processes, limits);
    await reconcile(
      client,
      lost.map((flow) => ({ ...flow, hasDied: true })),
    );
    return lost;
  });
}

/**
 * Ends checkpoints that outlived their flow: those of flows that ended well and whose process died since, and those that a
 * bridge of an older version wrote.
 *
 * @returns how many
 */
export async function endLeftOpen(pool: Pool, processes: Processes, limits: DeathLimits): Promise<number> {
  let ended = 0;
  for (;;) {
    const some = await inTransaction(pool, async (client) =>
      (await lockSweep(client)) ? reconcile(client, await lockLeftOpen(client, processes, limits, MOST_OPEN)) : 0,
    );
    ended += some;
    if (some < MOST_OPEN) return ended;
  }
}
