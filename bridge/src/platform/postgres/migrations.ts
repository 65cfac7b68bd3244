import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BridgeError, messageOf } from '../../errors';
import { findLockHolders } from './lock-holders';
import { isLockTimeout, type Pool, type PoolClient } from './pool';

const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;
/** Any number will do that nothing else in the database locks; these are the letters "flow". */
const LOCK = 0x666c6f77;
/** How long a bridge waits for another one that migrates. */
const QUEUE_TIMEOUT = '5min';
/** How long a migration waits for a table: whoever wants the table meanwhile waits behind it. */
const LOCK_TIMEOUT = '1s';
/** With the pauses about a minute. */
const LOCK_TRIES = 30;
const LOCK_PAUSE_MS = 1_000;

interface Migration {
  version: number;
  file: string;
}

async function findMigrations(dir: string): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(dir)).sort()) {
    const version = FILE_NAME.exec(file)?.[1];
    if (version !== undefined) migrations.push({ version: Number(version), file });
  }
  return migrations;
}

/** Versions that have run; none on an empty database. */
async function readApplied(client: Pick<Pool, 'query'>): Promise<Set<number>> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('flow.schema_migrations') IS NOT NULL AS exists`,
  );
  if (tables[0]?.exists !== true) return new Set();
  const { rows } = await client.query<{ version: number }>('SELECT version FROM flow.schema_migrations');
  return new Set(rows.map((row) => row.version));
}

/** Compares the schema with the files: those that have not run, and versions that ran and have no file here. */
export async function compareMigrations(pool: Pool, dir: string): Promise<{ missing: string[]; unknown: number[] }> {
  const [migrations, applied] = await Promise.all([findMigrations(dir), readApplied(pool)]);
  const known = new Set(migrations.map(({ version }) => version));
  return {
    missing: migrations.filter(({ version }) => !applied.has(version)).map(({ file }) => file),
    unknown: [...applied].filter((version) => !known.has(version)).sort((a, b) => a - b),
  };
}

/** Runs one file, again and again while someone else holds a lock that it needs. */
async function runFile(client: PoolClient, sql: string): Promise<void> {
  for (let triesLeft = LOCK_TRIES; ; triesLeft--) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      if (!isLockTimeout(error)) throw error;
      if (triesLeft > 1) {
        await delay(LOCK_PAUSE_MS);
        continue;
      }
      const holders = await findLockHolders(client);
      const held = holders.length > 0 ? `, held by ${holders.join('; ')}` : '';
      throw new Error(`${messageOf(error)} in ${LOCK_TRIES} tries${held}`, { cause: error });
    }
  }
}

/**
 * Any text must be able to stand in the database.
 *
 * @throws {BridgeError} `invalid_config`
 */
export async function requireUtf8(database: Pick<Pool, 'query'>): Promise<void> {
  const { rows } = await database.query<{ encoding: string }>(`SELECT current_setting('server_encoding') AS encoding`);
  const encoding = rows[0]?.encoding;
  if (encoding === 'UTF8') return;
  throw new BridgeError(
    'invalid_config',
    500,
    `DATABASE_URL: expected a database whose encoding is UTF8, got ${encoding}: it would lose what it has no characters ` +
      `for; make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`,
  );
}

/**
 * Brings the schema up to date: runs every migration that `flow.schema_migrations` does not name, in order. Each file
 * is its own transaction and writes its own row, so that it is the same when run by `psql -f`. A session lock lets one
 * of several bridges do it while the others wait. A schema that is up to date is only read: that takes no lock and no
 * right to change it.
 *
 * @returns the files that were run
 * @throws {BridgeError} `postgres_unavailable`, `invalid_config` (the encoding), or `migration_failed`: the failed file has left nothing behind
 */
export async function migrate(pool: Pool, dir: string): Promise<string[]> {
  const migrations = await findMigrations(dir);
  const client = await pool.connect().catch((error: unknown) => {
    throw new BridgeError(
      'postgres_unavailable',
      503,
      `Postgres can not be used: ${messageOf(error) || 'connection refused'}. Is DATABASE_URL right, and is the server up?`,
      { cause: error },
    );
  });
  const fail = (what: string, error: unknown): never => {
    throw new BridgeError('migration_failed', 500, `${what}: ${messageOf(error)}`, { cause: error });
  };
  const findMissing = async (): Promise<Migration[]> => {
    const done = await readApplied(client).catch((error: unknown) => fail('The schema version can not be read', error));
    return migrations.filter(({ version }) => !done.has(version));
  };
  try {
    await requireUtf8(client);
    if ((await findMissing()).length === 0) return [];
    await client.query(`SET statement_timeout = 0; SET lock_timeout = '${QUEUE_TIMEOUT}'`);
    await client
      .query('SELECT pg_advisory_lock($1)', [LOCK])
      .catch((error: unknown) => fail(`Another bridge has been migrating for ${QUEUE_TIMEOUT}`, error));
    await client.query(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
    const ran: string[] = [];
    for (const { file } of await findMissing()) {
      await runFile(client, await readFile(join(dir, file), 'utf8')).catch((error: unknown) => fail(file, error));
      ran.push(file);
    }
    return ran;
  } finally {
    // Closed rather than given back: that frees the lock and forgets the session's settings.
    client.release(true);
  }
}
