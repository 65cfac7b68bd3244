import { TRACE_PROCESS } from '@flow-tracking/protocol';
import type { Pool, PoolClient } from '../platform/postgres/pool';

/** An index that a migration leaves to the bridge where partitions hold rows. */
export interface LateIndex {
  /** The partitioned table. */
  table: 'flows' | 'checkpoints';
  /** Of the table; each partition's has the suffix after the partition's name. */
  name: string;
  suffix: string;
  /** What stands after the table's name. */
  of: string;
}

/** The checkpoints that run. */
export const RUNNING_INDEX: LateIndex = {
  table: 'checkpoints',
  name: 'checkpoints_running',
  suffix: '_running',
  of: "(started_at) WHERE status = 'running'",
};

/** The flows that came as spans, by their trace. */
export const TRACE_INDEX: LateIndex = {
  table: 'flows',
  name: 'flows_trace',
  suffix: '_trace',
  of: `(trace_id) WHERE substr(flow_id, 11, 8) = '${TRACE_PROCESS}'`,
};

/** Partitions whose part of the index is missing, or was left half-built. The newest come first: most is asked of them. */
const MISSING = `SELECT c.relname AS partition, c.relname || $3 AS index, NOT n.indisvalid AS is_broken
FROM pg_inherits AS i
JOIN pg_class AS c ON c.oid = i.inhrelid
LEFT JOIN (pg_index AS n JOIN pg_class AS nc ON nc.oid = n.indexrelid)
  ON n.indrelid = c.oid AND nc.relname = c.relname || $3
WHERE i.inhparent = ('flow.' || $1)::regclass AND NOT EXISTS (
  SELECT FROM pg_inherits AS a JOIN pg_index AS x ON x.indexrelid = a.inhrelid
  WHERE a.inhparent = ('flow.' || $2)::regclass AND x.indrelid = c.oid AND x.indisvalid
)
ORDER BY c.relname DESC`;

async function build(client: PoolClient, { table, name, suffix, of }: LateIndex): Promise<number> {
  type Missing = { partition: string; index: string; is_broken: boolean | null };
  const { rows } = await client.query<Missing>(MISSING, [table, name, suffix]);
  for (const { partition, index, is_broken: isBroken } of rows) {
    if (isBroken === true) await client.query(`DROP INDEX CONCURRENTLY IF EXISTS flow."${index}"`);
    await client.query(`CREATE INDEX CONCURRENTLY IF NOT EXISTS "${index}" ON flow."${partition}" ${of}`);
    await client.query(`ALTER INDEX flow."${name}" ATTACH PARTITION flow."${index}"`);
  }
  return rows.length;
}

/**
 * Builds the index where partitions lack it: those that held rows when it was introduced.
 * Writers go on meanwhile. Of several bridges one does it; the others build nothing.
 *
 * @param signal aborted: gives up at once, with whatever error that makes
 * @returns how many partitions it built the index for
 */
export async function buildLateIndex(pool: Pool, index: LateIndex, signal: AbortSignal): Promise<number> {
  const client = await pool.connect();
  // Building takes as long as the longest transaction; whoever stops does not wait for it.
  const abandon = (): void => void client.end();
  signal.addEventListener('abort', abandon);
  try {
    // It waits for transactions that began before it, however long they are, and holds up nobody meanwhile.
    await client.query('SET statement_timeout = 0');
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS taken', [
      `flow.build_${index.name}`,
    ]);
    return rows[0]?.taken === true ? await build(client, index) : 0;
  } finally {
    signal.removeEventListener('abort', abandon);
    // Closed rather than given back: that frees the lock and forgets the session's settings.
    client.release(true);
  }
}

/** Whether the index covers every partition. */
export async function isLateIndexBuilt(pool: Pool, { name }: LateIndex): Promise<boolean> {
  const { rows } = await pool.query<{ valid: boolean }>(
    `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = ('flow.' || $1)::regclass`,
    [name],
  );
  return rows[0]?.valid === true;
}
