import { createLogger } from '@flow-tracking/bridge';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type Pool } from 'pg';
import { createPool } from '../bridge/src/platform/postgres/pool';
import { migrate } from '../bridge/src/platform/postgres/migrations';
import { startNode } from './support/process';
import { createTestDatabase, uniquePrefix, type TestDatabase } from './support/services';

const root = join(__dirname, '..');
// Roles belong to the whole server.
const role = `reader_${uniquePrefix()}`;
const made: string[] = [role];
let database: TestDatabase;
let owner: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = createPool(database.url, createLogger('silent', 'json'));
});

afterAll(async () => {
  for (const name of made) {
    const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
    if (rowCount === 1) await owner.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`);
  }
  await owner.end();
  await database.drop();
});

async function provide(env: Record<string, string>): Promise<{ code: number | string; output: string }> {
  const process = startNode([join(root, 'scripts/db-reader.mjs')], {
    DATABASE_URL: database.url,
    FLOW_READER_ROLE: role,
    ...env,
  });
  const code = await process.exited;
  return { code, output: process.output() };
}

function urlOf(name: string, password: string): string {
  const url = new URL(database.url);
  url.username = name;
  url.password = encodeURIComponent(password);
  return url.href;
}

async function asRole<T>(password: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: urlOf(role, password) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('npm run db:reader', () => {
  it('says that the schema comes first', async () => {
    const { code, output } = await provide({ FLOW_READER_PASSWORD: 'first password' });
    expect([code, output]).toEqual([1, expect.stringContaining('run npm run migrate first')]);
    await migrate(owner, join(root, 'migrations'));
  });

  it('makes a role that reads all tables, those of days to come too, and changes nothing', async () => {
    expect(await provide({ FLOW_READER_PASSWORD: "it's a % password" })).toEqual({
      code: 0,
      output: `Created: the role ${role} reads the schema flow.\n`,
    });
    await owner.query(`SELECT flow.create_day_partitions('2031-01-01', '2031-01-01')`);
    await owner.query('CREATE TABLE flow.of_a_later_migration (id int)');
    await asRole("it's a % password", async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'flow'`,
      );
      expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['flow.flows_p20310101', 'flow.losses']));
      for (const { name } of rows) await client.query(`SELECT * FROM ${name} LIMIT 1`);

      const writes = [
        `INSERT INTO flow.alert_limits (rule, name) VALUES ('error_rate', 'x')`,
        'DELETE FROM flow.flows',
        'CREATE TABLE flow.mine (id int)',
        `SELECT flow.create_day_partitions('2032-01-01', '2032-01-01')`,
      ];
      for (const write of writes) await expect(client.query(write)).rejects.toMatchObject({ code: '25006' });
      // Nor when it lifts what it starts with.
      await client.query('SET default_transaction_read_only = off');
      for (const write of writes) await expect(client.query(write)).rejects.toMatchObject({ code: '42501' });
      const { rows: settings } = await client.query('SHOW statement_timeout');
      expect(settings).toEqual([{ statement_timeout: '5s' }]);
    });
  });

  it('can be run again, and takes the new password from a file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'flow-reader-'));
    const file = join(dir, 'password');
    try {
      await writeFile(file, 'second password\n');
      expect(await provide({ FLOW_READER_PASSWORD_FILE: file })).toEqual({
        code: 0,
        output: `Brought up to date: the role ${role} reads the schema flow.\n`,
      });
    } finally {
      await rm(dir, { recursive: true });
    }
    await asRole('second password', (client) => client.query('SELECT FROM flow.flows'));
    await expect(asRole("it's a % password", async () => undefined)).rejects.toMatchObject({ code: '28P01' });
  });

  it.each([
    ['a password', {}, 'expected one of them, got neither'],
    ['a long one', { FLOW_READER_PASSWORD: 'short' }, '8 or more characters'],
    ['a file that is there', { FLOW_READER_PASSWORD_FILE: '/nowhere' }, '/nowhere can not be read (ENOENT)'],
    ['a plain name', { FLOW_READER_ROLE: 'a"b', FLOW_READER_PASSWORD: 'long enough' }, 'FLOW_READER_ROLE: expected'],
    ['a URL', { DATABASE_URL: 'localhost', FLOW_READER_PASSWORD: 'long enough' }, 'DATABASE_URL: expected a URL'],
    [
      'a server',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x', FLOW_READER_PASSWORD: 'long enough' },
      'connect ECONNREFUSED',
    ],
  ])('asks for %s', async (_what, env, message) => {
    const { code, output } = await provide(env);
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
    expect(output).not.toContain('long enough');
  });

  it('leaves a role alone that is there for something else', async () => {
    const other = `maker_${uniquePrefix()}`;
    made.push(other);
    await owner.query(`CREATE ROLE ${other} LOGIN CREATEDB PASSWORD 'as before'`);
    const { code, output } = await provide({ FLOW_READER_ROLE: other, FLOW_READER_PASSWORD: 'long enough' });
    expect([code, output]).toEqual([1, expect.stringContaining(`got ${other}, which has other rights`)]);
  });

  it('says which rights DATABASE_URL lacks', async () => {
    const poor = `poor_${uniquePrefix()}`;
    made.push(poor);
    await owner.query(`CREATE ROLE ${poor} LOGIN PASSWORD 'poor'`);
    const { code, output } = await provide({
      DATABASE_URL: urlOf(poor, 'poor'),
      FLOW_READER_ROLE: `never_${uniquePrefix()}`,
      FLOW_READER_PASSWORD: 'long enough',
    });
    expect([code, output]).toEqual([1, expect.stringContaining('may create roles (CREATEROLE)')]);
  });
});
