import type { Pool, PoolClient } from './pool';

/** Transactions that are named at a time. */
const NAMED = 3;

/** Who else holds locks on the tables of history, oldest transaction first, for a message to the operator. */
export async function findLockHolders(client: Pool | PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ holder: string }>(
    `SELECT format('pid %s (%s, %s, for %s s)', a.pid, COALESCE(NULLIF(a.application_name, ''), a.usename, 'unknown'),
  COALESCE(a.state, 'state not visible'), COALESCE(extract(epoch FROM now() - a.xact_start)::int::text, '?')) AS holder
FROM pg_stat_activity AS a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND EXISTS (
  SELECT FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation
  WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation' AND c.relnamespace = to_regnamespace('flow')
)
ORDER BY a.xact_start NULLS LAST LIMIT $1`,
    [NAMED],
  );
  return rows.map((row) => row.holder);
}
