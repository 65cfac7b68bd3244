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
}

/** Opens a pool; connects when first used. Losing an idle connection is logged, never thrown. */
export function createPool(url: string, logger: Logger, options: PoolOptions = {}): Pool {
  const pool = new Pool({
    connectionString: url,
    max: options.maxClients ?? MAX_CLIENTS,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    application_name: 'flow-bridge',
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'Postgres connection lost'));
  // A client that is checked out reports a lost connection by itself, too; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
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

/** True for an error that the statement's own data caused (SQLSTATE classes 22 and 23): trying again can't help. */
export function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^2[23]...$/.test(code);
}
