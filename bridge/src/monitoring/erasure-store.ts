import { isFlowId } from '@flow-tracking/protocol';
import { cleanText } from '../platform/postgres/clean-json';
import { flowDay } from '../platform/postgres/flow-key';
import { inTransaction, type Pool } from '../platform/postgres/pool';
import { audit } from './grants-store';

/** Rows of one transaction: some tens of ms, so that nobody waits long for their locks. */
const BATCH_FLOWS = 200;
const BATCH_CHECKPOINTS = 5_000;

/** How much was erased. */
export interface Erased {
  flows: number;
  checkpoints: number;
}

/** An erasure that is not finished. */
export interface Erasure {
  id: string;
  userId: string;
  /** By partition, the stream's last entry at the request; null: not read yet. */
  positions: string[] | null;
}

const ERASURE = 'id::text, user_id AS "userId", positions';

/** Notes an erasure, so that it is carried on whatever happens. */
export async function openErasure(pool: Pool, userId: string, positions: string[] | null): Promise<Erasure> {
  const { rows } = await pool.query<Erasure>(
    `INSERT INTO flow.erasures (user_id, positions) VALUES ($1, $2) RETURNING ${ERASURE}`,
    [cleanText(userId), positions],
  );
  const [erasure] = rows;
  if (erasure === undefined) throw new Error('INSERT … RETURNING gave no row');
  return erasure;
}

/** The erasures that are not finished, the oldest first. */
export async function listErasures(pool: Pool): Promise<Erasure[]> {
  return (await pool.query<Erasure>(`SELECT ${ERASURE} FROM flow.erasures ORDER BY id`)).rows;
}

export async function savePositions(pool: Pool, { id }: Erasure, positions: string[]): Promise<void> {
  await pool.query('UPDATE flow.erasures SET positions = $2 WHERE id = $1 AND positions IS NULL', [id, positions]);
}

/** Forgets a finished erasure, with the ids of its flows. */
export async function closeErasure(pool: Pool, { id }: Erasure): Promise<void> {
  await pool.query('DELETE FROM flow.erasures WHERE id = $1', [id]);
}

const OF_USER = `SELECT flow_day::text, flow_id FROM flow.flows WHERE user_id = $1 LIMIT ${BATCH_FLOWS}`;

const MADE_ANEW = `SELECT f.flow_day::text, f.flow_id FROM flow.erased_flows AS e
JOIN flow.flows AS f ON f.flow_day = e.flow_day AND f.flow_id = e.flow_id
WHERE e.erasure_id = $1 LIMIT ${BATCH_FLOWS}`;

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

const REMEMBER_FLOWS = `INSERT INTO flow.erased_flows (erasure_id, flow_day, flow_id)
SELECT e.id, k.flow_day, k.flow_id FROM ${KEYS}, flow.erasures AS e WHERE e.id = $3 ON CONFLICT DO NOTHING`;

/**
 * Deletes a user's flows and their checkpoints, a batch at a time, and flows that were deleted before and came again.
 * `erased` counts what is gone, also when it fails half-way; then call it again: flows go last, so the rest is found by
 * them.
 */
export async function eraseFlows(pool: Pool, { id, userId }: Erasure, erased: Erased): Promise<void> {
  await eraseFound(pool, id, [OF_USER, userId], erased);
  await eraseFound(pool, id, [MADE_ANEW, id], erased);
}

async function eraseFound(
  pool: Pool,
  erasureId: string,
  [find, by]: readonly [sql: string, by: string],
  erased: Erased,
): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ flow_day: string; flow_id: string }>(find, [by]);
    if (rows.length === 0) return;
    const keys = [rows.map((row) => row.flow_day), rows.map((row) => row.flow_id)];
    for (let isMore = true; isMore;) {
      // With the flows locked, nothing is written between the last of the checkpoints and the flows.
      isMore = await inTransaction(pool, async (client) => {
        await client.query(LOCK_FLOWS, keys);
        const checkpoints = (await client.query(DELETE_CHECKPOINTS, keys)).rowCount ?? 0;
        erased.checkpoints += checkpoints;
        if (checkpoints === BATCH_CHECKPOINTS) return true;
        await client.query(REMEMBER_FLOWS, [...keys, erasureId]);
        erased.flows += (await client.query(DELETE_FLOWS, keys)).rowCount ?? 0;
        return false;
      });
    }
  }
}

const keysOf = (flowIds: readonly string[]): [days: string[], ids: string[]] => {
  const ids = flowIds.filter(isFlowId);
  return [ids.map(flowDay), ids];
};

/** Adds flows of the user that history does not know, or not as the user's. */
export async function addErasedFlows(pool: Pool, { id }: Erasure, flowIds: readonly string[]): Promise<void> {
  if (flowIds.length > 0) await pool.query(REMEMBER_FLOWS, [...keysOf(flowIds), id]);
}

/** Which of these flows the erasure has deleted. */
export async function findErasedFlows(pool: Pool, { id }: Erasure, flowIds: readonly string[]): Promise<Set<string>> {
  if (flowIds.length === 0) return new Set();
  const { rows } = await pool.query<{ flow_id: string }>(
    `SELECT e.flow_id FROM ${KEYS}
JOIN flow.erased_flows AS e ON e.flow_day = k.flow_day AND e.flow_id = k.flow_id WHERE e.erasure_id = $3`,
    [...keysOf(flowIds), id],
  );
  return new Set(rows.map((row) => row.flow_id));
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
