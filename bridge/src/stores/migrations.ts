import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from '../adapters/postgres';
import { BridgeError, messageOf } from '../errors';

const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;
/** Any number will do that nothing else in the database locks; these are the letters "flow". */
const LOCK = 0x666c6f77;

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
 * of several bridges do it while the others wait.
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
  try {
    await requireUtf8(client);
    await client.query('SET statement_timeout = 0');
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { rows: tables } = await client.query<{ exists: boolean }>(
      `SELECT to_regclass('flow.schema_migrations') IS NOT NULL AS exists`,
    );
    const { rows: applied } =
      tables[0]?.exists === true
        ? await client.query<{ version: number }>('SELECT version FROM flow.schema_migrations')
        : { rows: [] };
    const done = new Set(applied.map((row) => row.version));
    const ran: string[] = [];
    for (const { version, file } of migrations) {
      if (done.has(version)) continue;
      try {
        await client.query(await readFile(join(dir, file), 'utf8'));
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw new BridgeError('migration_failed', 500, `${file}: ${messageOf(error)}`, { cause: error });
      }
      ran.push(file);
    }
    return ran;
  } finally {
    // Closed rather than given back: that frees the lock and forgets the session's settings.
    client.release(true);
  }
}
