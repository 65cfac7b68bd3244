import type { Pool, PoolClient } from '../platform/postgres/pool';

/** Any number will do that nothing else in the database locks. */
const LOCK = 'flow.build_running_index';

/** Partitions whose part of the index is missing, or was left half-built. The newest come first: most runs there. */
const MISSING = `SELECT c.relname AS partition, c.relname || '_running' AS index, NOT n.indisvalid AS is_broken
FROM pg_inherits AS i
JOIN pg_class AS c ON c.oid = i.inhrelid
LEFT JOIN (pg_index AS n JOIN pg_class AS nc ON nc.oid = n.indexrelid)
  ON n.indrelid = c.oid AND nc.relname = c.relname || '_running'
WHERE i.inhparent = 'flow.checkpoints'::regclass AND NOT EXISTS (
  SELECT FROM pg_inherits AS a JOIN pg_index AS x ON x.indexrelid = a.inhrelid
  WHERE a.inhparent = 'flow.checkpoints_running'::regclass AND x.indrelid = c.oid AND x.indisvalid
)
ORDER BY c.relname DESC`;

async function build(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ partition: string; index: string; is_broken: boolean | null }>(MISSING);
  for (const { partition, index, is_broken: isBroken } of rows) {
    if (isBroken === true) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS flow."${index}"`);
    await client.query(
      `CREATE INDEX CONCURRENTLY IF NOT EXISTS "${index}" ON flow."${partition}" (started_at) WHERE status = 'running'`,
    );
    await client.query(`ALTER INDEX flow.checkpoints_running ATTACH PARTITION flow."${index}"`);
  }
  return rows.length;
}

/**
 * Builds the index of the checkpoints that run where partitions lack it: those that held rows when it was introduced.
 * Writers go on meanwhile. Of several bridges one does it; the others build nothing.
 *
 * @param signal aborted: gives up at once, with whatever error that makes
 * @returns how many partitions it built the index for
 */
export async function buildRunningIndex(pool: Pool, signal: AbortSignal): Promise<number> {
  const client = await pool.connect();
  // Building takes as long as the longest transaction; whoever stops does not wait for it.
  const abandon = (): void => void client.end();
  signal.addEventListener('abort', abandon);
  try {
    // It waits for transactions that began before it, however long they are, and holds up nobody meanwhile.
    await client.query('SET statement_timeout = 0');
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS taken', [
      LOCK,
    ]);
    return rows[0]?.taken === true ? await build(client) : 0;
  } finally {
    signal.removeEventListener('abort', abandon);
    // Closed rather than given back: that frees the lock and forgets the session's settings.
    client.release(true);
  }
}

/** Whether the index covers every partition. */
export async function isRunningIndexBuilt(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ valid: boolean }>(
    `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'flow.checkpoints_running'::regclass`,
  );
  return rows[0]?.valid === true;
}
