import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Pool } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/services';
import { migrate } from './migrations';

const migrationsDir = join(__dirname, '..', '..', '..', 'migrations');
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
