import { inTransaction, type Pool } from '../adapters/postgres';
import type { Processes } from '../adapters/redis-processes';

/** Any number will do that nothing else in the database locks. */
const LOCK = 'flow.mark_lost_flows';

// The process that recorded a flow is named by characters 11 to 18 of its id.
const MARK_LOST = `UPDATE flow.flows SET
  status = 'lost',
  ended_at = last_event_at,
  duration_ms = extract(epoch FROM last_event_at - started_at) * 1000,
  revision = revision + 1
WHERE status = 'running' AND (
  (last_event_at < now() - make_interval(secs => $1) AND substr(flow_id, 11, 8) = ANY ($2::text[]))
  OR (last_event_at < now() - make_interval(secs => $3) AND substr(flow_id, 11, 8) <> ALL ($4::text[]))
)
RETURNING flow_id, user_id`;

/**
 * Marks running flows as lost whose process died: it fell silent (`dead`), or is not known and the flow has had no event
 * for `silentMs`. Of several bridges one does it at a time; the others mark nothing.
 */
export async function markLostFlows(
  pool: Pool,
  processes: Processes,
  limits: { deadAfterMs: number; silentMs: number },
): Promise<{ flow_id: string; user_id: string | null }[]> {
  return inTransaction(pool, async (client) => {
    const { rows: lock } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_xact_lock(hashtext($1)) AS taken',
      [LOCK],
    );
    if (lock[0]?.taken !== true) return [];
    const { rows } = await client.query<{ flow_id: string; user_id: string | null }>(MARK_LOST, [
      limits.deadAfterMs / 1_000,
      processes.dead,
      limits.silentMs / 1_000,
      processes.alive,
    ]);
    return rows;
  });
}

/** A running flow that has had no event for long, and the checkpoint it is at. */
export interface StalledFlow {
  flow_id: string;
  user_id: string | null;
  name: string;
  silent_ms: number;
  checkpoint: string | null;
}

/**
 * How many running flows have had no event for `silentMs`, and the latest of them.
 *
 * @param recordedBy of these processes alone; without it, of all
 */
export async function findStalledFlows(
  pool: Pool,
  silentMs: number,
  limit: number,
  recordedBy?: readonly string[],
): Promise<{ count: number; flows: StalledFlow[] }> {
  const { rows } = await pool.query<StalledFlow & { total: number }>(
    `SELECT f.flow_id, f.user_id, f.name, extract(epoch FROM now() - f.last_event_at)::float8 * 1000 AS silent_ms, f.total,
  (SELECT p.checkpoint FROM flow.checkpoints AS p
   WHERE p.flow_day = f.flow_day AND p.flow_id = f.flow_id AND p.status = 'running'
   ORDER BY p.node_id DESC LIMIT 1) AS checkpoint
FROM (
  SELECT *, count(*) OVER ()::int AS total FROM flow.flows
  WHERE status = 'running' AND last_event_at < now() - make_interval(secs => $1)
    AND ($3::text[] IS NULL OR substr(flow_id, 11, 8) = ANY ($3))
  ORDER BY last_event_at DESC LIMIT $2
) AS f`,
    [silentMs / 1_000, limit, recordedBy ?? null],
  );
  return { count: rows[0]?.total ?? 0, flows: rows.map(({ total: _total, ...flow }) => flow) };
}
