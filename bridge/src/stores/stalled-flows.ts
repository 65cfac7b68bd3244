import type { Pool } from '../adapters/postgres';

/** How many running flows have had no event for `silentMs`. */
export async function countStalledFlows(pool: Pool, silentMs: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM flow.flows
WHERE status = 'running' AND last_event_at < now() - make_interval(secs => $1)`,
    [silentMs / 1_000],
  );
  return rows[0]?.count ?? 0;
}
