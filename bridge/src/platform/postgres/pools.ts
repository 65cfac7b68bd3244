import type { Config } from '../../config';
import type { Logger } from '../logger';
import { migrate } from './migrations';
import { createPool, type Pool } from './pool';

/** Postgres itself keeps whoever reads from writing, so that a replica will do. */
const READER_SESSION = 'SET default_transaction_read_only = on';
const READER_POOL = { maxClients: 8, setUp: READER_SESSION };
/** Few at a time, each with more time than a dashboard's query has; the others wait their turn. */
const SEARCH_POOL = { maxClients: 3, connectTimeoutMs: 15_000, statementTimeoutMs: 15_000, setUp: READER_SESSION };
/**
 * Short and always the same: their plans are kept, and never scan a whole table. A lock runs out before the statement does,
 * so that what waits for somebody is not taken for what is slow.
 */
const WRITER_SESSION =
  'SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off; SET lock_timeout = 4000';
/** A writer whose Postgres has gone without a word gives up after this, and tries anew. */
const WRITER_TIMEOUT_MS = 10_000;

/** Connections to Postgres by what they are for, so that none of these makes the others wait. */
export interface Pools {
  /** Grants, upkeep, checks, and snapshots of live viewers, which must not be behind. */
  primary: Pool;
  /** What the API answers at once. It reads only, from the replica if there is one. */
  reader: Pool;
  /** Searches and exports; the same otherwise. */
  search: Pool;
  /** The writers of history, one each. */
  writer: Pool;
}

/**
 * Opens the pools on a schema that is up to date.
 *
 * @throws {BridgeError} `postgres_unavailable`, `migration_failed`
 */
export async function openPools(config: Config, logger: Logger): Promise<Pools> {
  const { databaseUrl, databaseReadUrl = databaseUrl } = config;
  const primary = createPool(databaseUrl, logger);
  try {
    const ran = await migrate(primary, config.migrationsDir);
    if (ran.length > 0) logger.info({ migrations: ran }, 'Schema migrated');
  } catch (error) {
    await primary.end();
    throw error;
  }
  return {
    primary,
    reader: createPool(databaseReadUrl, logger, READER_POOL),
    search: createPool(databaseReadUrl, logger, SEARCH_POOL),
    writer: createPool(databaseUrl, logger, {
      maxClients: config.partitions,
      setUp: WRITER_SESSION,
      queryTimeoutMs: WRITER_TIMEOUT_MS,
    }),
  };
}

/** The pool of the replica; undefined when the primary is read. */
export function replicaOf({ databaseReadUrl }: Config, { reader }: Pools): Pool | undefined {
  return databaseReadUrl === undefined ? undefined : reader;
}

export async function closePools(pools: Pools): Promise<void> {
  await Promise.all(Object.values(pools).map((pool: Pool) => pool.end()));
}
