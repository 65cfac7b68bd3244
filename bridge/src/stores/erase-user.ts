import { inTransaction, type Pool } from '../adapters/postgres';
import { cleanText } from './clean-json';
import { audit } from './monitoring';

/** Rows of one transaction: some tens of ms, so that nobody waits long for their locks. */
const BATCH_FLOWS = 200;
const BATCH_CHECKPOINTS = 5_000;

/** How much was erased. */
export interface Erased {
  flows: number;
  checkpoints: number;
}

const SOME_FLOWS = `SELECT flow_day::text, flow_id FROM flow.flows WHERE user_id = $1 LIMIT ${BATCH_FLOWS}`;

const KEYS = `unnest($1::date[], $2::text[]) AS k(flow_day, flow_id)`;

/** In the order in which the history writer locks them. */
const LOCK_FLOWS = `SELECT FROM ${KEYS} JOIN flow.flows AS f ON f.flow_day = k.flow_day AND f.flow_id = k.flow_id
ORDER BY f.flow_day, f.flow_id FOR UPDATE OF f`;

const DELETE_CHECKPOINTS = `DELETE FROM flow.checkpoints AS p
USING (
  SELECT p.flow_day, p.flow_id, p.node_id FROM ${KEYS}
  JOIN flow.checkpoints AS p ON p.flow_day = k.flow_day AND p.flow_id = k.flow_id LIMIT ${BATCH_CHECKPOINTS}
) AS d WHERE p.flow_day = d.flow_day AND p.flow_id = d.flow_id AND p.node_id = d.node_id`;

const DELETE_FLOWS = `DELETE FROM flow.flows AS f USING ${KEYS}
WHERE f.flow_day = k.flow_day AND f.flow_id = k.flow_id`;

/**
 * Deletes a user's flows and their checkpoints, a batch at a time. `erased` counts what is gone, also when it fails
 * half-way; then call it again: flows go last, so the rest is found by them.
 */
export async function eraseFlows(pool: Pool, userId: string, erased: Erased): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ flow_day: string; flow_id: string }>(SOME_FLOWS, [cleanText(userId)]);
    if (rows.length === 0) return;
    const keys = [rows.map((row) => row.flow_day), rows.map((row) => row.flow_id)];
    for (let isMore = true; isMore;) {
      // With the flows locked, nothing is written between the last of the checkpoints and the flows.
      isMore = await inTransaction(pool, async (client) => {
        await client.query(LOCK_FLOWS, keys);
        const checkpoints = (await client.query(DELETE_CHECKPOINTS, keys)).rowCount ?? 0;
        erased.checkpoints += checkpoints;
        if (checkpoints === BATCH_CHECKPOINTS) return true;
        erased.flows += (await client.query(DELETE_FLOWS, keys)).rowCount ?? 0;
        return false;
      });
    }
  }
}

/** Audits an erasure: who, whom, why and how much. */
export async function auditErasure(
  pool: Pool,
  erasure: Erased & { userId: string; actor: string | null; reason: string | null },
): Promise<void> {
  const amount = `${erasure.flows} flows, ${erasure.checkpoints} checkpoints`;
  const reason = erasure.reason === null ? amount : `${erasure.reason} (${amount})`;
  await inTransaction(pool, (client) =>
    audit(client, 'erase', { actor: erasure.actor, reason }, [{ user_id: erasure.userId, expires_ts: null }]),
  );
}
