import { flowDay } from '../platform/postgres/flow-key';
import { inTransaction, type Pool } from '../platform/postgres/pool';

/** Whether history has a flow, and a checkpoint of it. */
export async function hasFlow(pool: Pool, flowId: string): Promise<boolean> {
  const { rows } = await pool.query<{ is_there: boolean }>(
    `SELECT EXISTS (SELECT FROM flow.flows WHERE flow_day = $1 AND flow_id = $2)
  AND EXISTS (SELECT FROM flow.checkpoints WHERE flow_day = $1 AND flow_id = $2) AS is_there`,
    [flowDay(flowId), flowId],
  );
  return rows[0]?.is_there === true;
}

/** Removes one flow of the checks; no real one has its id. */
export async function removeFlow(pool: Pool, flowId: string): Promise<void> {
  const key = [flowDay(flowId), flowId];
  await inTransaction(pool, async (client) => {
    // First, as the history writer locks them.
    await client.query('DELETE FROM flow.flows WHERE flow_day = $1 AND flow_id = $2', key);
    await client.query('DELETE FROM flow.checkpoints WHERE flow_day = $1 AND flow_id = $2', key);
  });
}
