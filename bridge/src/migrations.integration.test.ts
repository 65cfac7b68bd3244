import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Pool } from 'pg';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';
import { findLockHolders } from './platform/postgres/lock-holders';
import { migrate } from './platform/postgres/migrations';
import { buildLateIndex, isLateIndexBuilt, RUNNING_INDEX, TRACE_INDEX } from './upkeep/late-index-store';

const migrationsDir = join(__dirname, '..', '..', 'migrations');
const run = promisify(execFile);

let files: string[];
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  files = (await readdir(migrationsDir)).filter((file) => file.endsWith('.sql')).sort();
});

beforeEach(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url });
});

afterEach(async () => {
  await pool.end();
  await database.drop();
});

/** Columns, indexes, constraints and functions of the schema, day partitions included. */
async function describeSchema(of: Pool): Promise<unknown> {
  const [columns, indexes, constraints, functions] = await Promise.all(
    [
      `SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
       FROM information_schema.columns WHERE table_schema = 'flow' ORDER BY 1, 2`,
      `SELECT indexdef FROM pg_indexes WHERE schemaname = 'flow' ORDER BY 1`,
      `SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'flow'::regnamespace ORDER BY 1, 2`,
      `SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'flow'::regnamespace ORDER BY 1`,
    ].map(async (text) => (await of.query(text)).rows as unknown[]),
  );
  return { columns, indexes, constraints, functions };
}

describe('migrate', () => {
  it('runs every file once', async () => {
    expect(await migrate(pool, migrationsDir)).toEqual(files);
    expect(await migrate(pool, migrationsDir)).toEqual([]);
  });

  it('lets two bridges start at the same time', async () => {
    const ran = await Promise.all([migrate(pool, migrationsDir), migrate(pool, migrationsDir)]);
    expect(ran.flat()).toEqual(files);
  });

  it('brings a database of the first version up, with what it holds', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flow-migrations-'));
    try {
      const first = files[0]!;
      await run('cp', [join(migrationsDir, first), dir]);
      await migrate(pool, dir);
      await pool.query(`INSERT INTO flow.flows (flow_day, flow_id, session_id, session_seq, user_seq, started_at, last_seq, last_event_at)
        VALUES (current_date, '01ARZ3NDEKTSV4RRFFQ69G5FAV', 's', -1, -1, now(), 0, now())`);
      await pool.query(`INSERT INTO flow.monitoring_audit (action, user_id) VALUES ('enable', '1')`);
      expect(await migrate(pool, migrationsDir)).toEqual(files.slice(1));
      expect((await pool.query('SELECT session_id, revision FROM flow.flows')).rows).toEqual([
        { session_id: 's', revision: 1 },
      ]);
      expect((await pool.query('SELECT action, reason FROM flow.monitoring_audit')).rows).toEqual([
        { action: 'enable', reason: null },
      ]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('leaves the index of running checkpoints to the bridge where rows are, and to new days none of the work', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flow-migrations-'));
    try {
      await run('cp', [...files.slice(0, 2).map((file) => join(migrationsDir, file)), dir]);
      await migrate(pool, dir);
      await pool.query(`INSERT INTO flow.checkpoints (flow_day, flow_id, node_id, checkpoint, status, started_at)
        VALUES (current_date, '01ARZ3NDEKTSV4RRFFQ69G5FAV', 1, 'llm_thinking', 'running', now())`);
      await migrate(pool, migrationsDir);
      expect(await isLateIndexBuilt(pool, RUNNING_INDEX)).toBe(false);

      const { signal } = new AbortController();
      const built = await Promise.all([
        buildLateIndex(pool, RUNNING_INDEX, signal),
        buildLateIndex(pool, RUNNING_INDEX, signal),
      ]);
      expect(Math.max(...built)).toBe(1);
      expect(await isLateIndexBuilt(pool, RUNNING_INDEX)).toBe(true);
      await pool.query(`SELECT flow.create_day_partitions('2031-01-01', '2031-01-01')`);
      expect(await isLateIndexBuilt(pool, RUNNING_INDEX)).toBe(true);
      expect(await buildLateIndex(pool, RUNNING_INDEX, signal)).toBe(0);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('leaves the index of traces to the bridge where flows are', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flow-migrations-'));
    try {
      await run('cp', [...files.slice(0, 7).map((file) => join(migrationsDir, file)), dir]);
      await migrate(pool, dir);
      await pool.query(`INSERT INTO flow.flows (flow_day, flow_id, session_id, session_seq, user_seq, started_at, last_seq, last_event_at)
        VALUES (current_date, '01ARZ3NDEKTSV4RRFFQ69G5FAV', 's', -1, -1, now(), 0, now())`);
      await migrate(pool, migrationsDir);
      expect(await isLateIndexBuilt(pool, TRACE_INDEX)).toBe(false);
      expect(await buildLateIndex(pool, TRACE_INDEX, new AbortController().signal)).toBe(1);
      expect(await isLateIndexBuilt(pool, TRACE_INDEX)).toBe(true);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('builds it anew where it was left half-built', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flow-migrations-'));
    try {
      await run('cp', [...files.slice(0, 2).map((file) => join(migrationsDir, file)), dir]);
      await migrate(pool, dir);
      await pool.query(`INSERT INTO flow.checkpoints (flow_day, flow_id, node_id, checkpoint, status, started_at)
        VALUES ('1999-01-01', '01ARZ3NDEKTSV4RRFFQ69G5FAV', 1, 'llm_thinking', 'running', now())`);
      await migrate(pool, migrationsDir);
      // As a build leaves it that was broken off.
      await pool.query(`CREATE INDEX checkpoints_default_running ON flow.checkpoints_default (started_at)
        WHERE status = 'running'`);
      await pool.query(`UPDATE pg_index SET indisvalid = false
        WHERE indexrelid = 'flow.checkpoints_default_running'::regclass`);
      expect(await buildLateIndex(pool, RUNNING_INDEX, new AbortController().signal)).toBe(1);
      expect(await isLateIndexBuilt(pool, RUNNING_INDEX)).toBe(true);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('comes to the same schema as psql -f by hand', async () => {
    await migrate(pool, migrationsDir);
    const byHand = await createTestDatabase();
    const byHandPool = new Pool({ connectionString: byHand.url });
    try {
      for (const file of files) {
        await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', join(migrationsDir, file), byHand.url]);
      }
      expect(await describeSchema(byHandPool)).toEqual(await describeSchema(pool));
      // A bridge that starts on it has nothing to do.
      expect(await migrate(byHandPool, migrationsDir)).toEqual([]);
    } finally {
      await byHandPool.end();
      await byHand.drop();
    }
  });

  it('reads a schema that is up to date with no lock and no right to change it', async () => {
    await migrate(pool, migrationsDir);
    const locker = await pool.connect();
    const role = `reader_${uniquePrefix()}`;
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT USAGE ON SCHEMA flow TO ${role};
      GRANT SELECT ON flow.schema_migrations TO ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    const reader = new Pool({ connectionString: url.href });
    try {
      // A reader of every table, and a bridge that hangs in the middle of a migration.
      await locker.query('BEGIN; LOCK TABLE flow.flows, flow.schema_migrations IN ACCESS SHARE MODE');
      await locker.query('SELECT pg_advisory_xact_lock($1)', [0x666c6f77]);
      expect(await migrate(reader, migrationsDir)).toEqual([]);
    } finally {
      await reader.end();
      await locker.query('ROLLBACK');
      locker.release();
      await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('lets readers through while it waits for a table, and goes on once the table is free', async () => {
    await migrate(pool, migrationsDir);
    const dir = await mkdtemp(join(tmpdir(), 'flow-migrations-'));
    await writeFile(join(dir, '9001_widen.sql'), 'BEGIN; ALTER TABLE flow.flows ADD COLUMN extra int; COMMIT;');
    const reader = await pool.connect();
    try {
      await reader.query('BEGIN; SELECT count(*) FROM flow.flows');
      const migrating = migrate(pool, dir);
      await waitFor('the migration waits', async () => {
        const { rows } = await pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      });
      const askedAt = Date.now();
      await pool.query('SELECT count(*) FROM flow.flows');
      expect(Date.now() - askedAt).toBeLessThan(3_000);
      await reader.query('COMMIT');
      expect(await migrating).toEqual(['9001_widen.sql']);
    } finally {
      reader.release();
      await rm(dir, { recursive: true });
    }
  });

  it('names who holds the lock when it gives up', async () => {
    await migrate(pool, migrationsDir);
    const reader = await pool.connect();
    try {
      await reader.query(`SET application_name = 'long report'`);
      await reader.query('BEGIN; SELECT count(*) FROM flow.flows');
      expect(await findLockHolders(pool)).toEqual([
        expect.stringMatching(/^pid \d+ \(long report, idle in transaction, for \d+ s\)$/),
      ]);
    } finally {
      await reader.query('ROLLBACK');
      reader.release();
    }
  });

  it('says what to do when Postgres does not answer', async () => {
    const nowhere = new Pool({ connectionString: 'postgres://127.0.0.1:1/none' });
    await expect(migrate(nowhere, migrationsDir)).rejects.toMatchObject({
      code: 'postgres_unavailable',
      message: expect.stringContaining('Is DATABASE_URL right'),
    });
    await nowhere.end();
  });

  it('refuses a database that can not hold every text, before it makes anything', async () => {
    const url = new URL(database.url);
    url.pathname += '_latin';
    const name = url.pathname.slice(1);
    await pool.query(`CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`);
    const latin = new Pool({ connectionString: url.href });
    // The server may end a connection before it reads that the pool has ended it.
    latin.on('error', () => undefined);
    try {
      await expect(migrate(latin, migrationsDir)).rejects.toMatchObject({
        code: 'invalid_config',
        message: expect.stringContaining('expected a database whose encoding is UTF8, got LATIN1'),
      });
      const { rows } = await latin.query(`SELECT to_regnamespace('flow') AS schema`);
      expect(rows).toEqual([{ schema: null }]);
    } finally {
      await latin.end();
      await pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });

  it('leaves nothing of a migration that fails', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flow-migrations-'));
    await writeFile(join(dir, '0001_break.sql'), 'BEGIN; CREATE TABLE half (id int); SELECT nonsense; COMMIT;');
    await expect(migrate(pool, dir)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('0001_break.sql'),
    });
    const { rows } = await pool.query(`SELECT to_regclass('half') AS half`);
    expect(rows[0].half).toBeNull();
    await rm(dir, { recursive: true });
  });
});
