import { Pool, type PoolClient } from 'pg';
import type { Logger } from './logger';

export type { Pool, PoolClient, QueryConfig } from 'pg';

const MAX_CLIENTS = 10;
const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 5_000;

/** How a pool differs from the usual one; times in ms. */
export interface PoolOptions {
  /** @default 10 */
  maxClients?: number;
  /** How long to wait for a connection. @default 2,000 */
  connectTimeoutMs?: number;
  /** @default 5,000 */
  statementTimeoutMs?: number;
  /** After it a query fails even if nothing is heard of the server any more. @default never */
  queryTimeoutMs?: number;
  /** Statements that each new connection runs first. */
  setUp?: string;
}

/** Opens a pool; connects when first used. Losing an idle connection is logged, never thrown. */
export function createPool(url: string, logger: Logger, { setUp, ...options }: PoolOptions = {}): Pool {
  const pool = new Pool({
    connectionString: url,
    max: options.maxClients ?? MAX_CLIENTS,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    query_timeout: options.queryTimeoutMs,
    keepAlive: true,
    application_name: 'flow-bridge',
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'Postgres connection lost'));
  // A client that is checked out reports a lost connection by itself, too; unheard, that would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    // Whoever waits for the connection is told why it is of no use.
    if (setUp !== undefined) client.query(setUp).catch(() => undefined);
  });
  return pool;
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    await client.query('ROLLBACK').then(
      () => (failure = undefined),
      () => undefined,
    );
    throw error;
  } finally {
    // A client whose rollback failed is not given back to the pool but closed.
    client.release(failure);
  }
}

/** True when a lock was not to be had within `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '55P03';
}

/**
 * True for an error that the data caused, not the server's state: SQLSTATE classes 22 (data), 23 (constraints), 54
 * (limits), P0 (raised by a trigger), and what JavaScript throws at values that it can't take.
 */
export function isDataError(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(22|23|54|P0)...$/.test(code);
}
