import type { Config } from '../../config';
import type { Logger } from '../logger';
import { migrate } from './migrations';
import { createPool, type Pool } from './pool';

/** Few at a time, each with more time than a dashboard's query has; the others wait their turn. */
const SEARCH_POOL = { maxClients: 3, connectTimeoutMs: 15_000, statementTimeoutMs: 15_000 };
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
  /** The API, grants, and what looks after flows. */
  reader: Pool;
  /** Searches and exports. */
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
  const reader = createPool(config.databaseUrl, logger);
  try {
    const ran = await migrate(reader, config.migrationsDir);
    if (ran.length > 0) logger.info({ migrations: ran }, 'Schema migrated');
  } catch (error) {
    await reader.end();
    throw error;
  }
  return {
    reader,
    search: createPool(config.databaseUrl, logger, SEARCH_POOL),
    writer: createPool(config.databaseUrl, logger, {
      maxClients: config.partitions,
      setUp: WRITER_SESSION,
      queryTimeoutMs: WRITER_TIMEOUT_MS,
    }),
  };
}

export async function closePools(pools: Pools): Promise<void> {
  await Promise.all(Object.values(pools).map((pool: Pool) => pool.end()));
}
