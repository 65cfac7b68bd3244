import { Pool, type ClientBase, type PoolClient } from 'pg';
import type { Logger } from '../logger';

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
    // Is waited for, though its type does not say so; whoever waits for the connection is told why it is of no use.
    ...(setUp !== undefined && { onConnect: (client: ClientBase) => client.query(setUp) as unknown as void }),
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'Postgres connection lost'));
  // A client that is checked out reports a lost connection by itself, too; unheard, that would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/** Rejects unless Postgres answers. */
export async function pingPostgres(pool: Pool): Promise<void> {
  await pool.query('SELECT 1');
}

/** Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. */
export function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return transact(pool, 'COMMIT', work);
}

/** Runs `work` in a transaction that is rolled back in any case: whether it could be done. */
export function inRehearsal<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return transact(pool, 'ROLLBACK', work);
}

async function transact<T>(
  pool: Pool,
  end: 'COMMIT' | 'ROLLBACK',
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query(end);
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
 * Where the fault of a failed write may lie:
 * - `data`: in what was written
 * - `slow`: it took too long, so less of it may do
 * - `locked`: somebody holds a lock
 * - `server`: the server lacks something (space, memory, connections), whatever is written
 * - `unclear`: anything else, as a lost connection; the data may be the cause if it happens each time
 */
export type WriteFault = 'data' | 'slow' | 'locked' | 'server' | 'unclear';

/** By SQLSTATE; classes 20 to 23 are data, 54 limits, P0 what a trigger raises, 40 rollbacks, 53 and 58 the server's. */
const FAULTS: readonly (readonly [RegExp, WriteFault])[] = [
  [/^(2[0-3]|54|P0)...$/, 'data'],
  [/^57014$/, 'slow'],
  [/^(40...|55P03)$/, 'locked'],
  [/^(53|58)...$/, 'server'],
];

/** Tells where the fault of a failed write may lie. */
export function faultOf(error: unknown): WriteFault {
  // What JavaScript throws at values that it can't take.
  if (error instanceof TypeError || error instanceof RangeError) return 'data';
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return FAULTS.find(([pattern]) => pattern.test(code))?.[1] ?? 'unclear';
  // The pool's own timeout of a query has no code.
  return message === 'Query read timeout' ? 'slow' : 'unclear';
}
