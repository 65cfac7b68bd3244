import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run these tests with npm run test:integration`);
  return value;
}

/** URL of the Redis that the test run started; shared, so every file takes a prefix of its own. */
export const redisUrl = (): string => required('FLOW_TEST_REDIS_URL');

/** A Redis prefix that no other test file has. */
export const uniquePrefix = (): string => `t${randomBytes(5).toString('hex')}`;

/** A database of the caller's own in the Postgres that the test run started. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** Does something as the owner of all databases. */
async function asAdmin(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: required('FLOW_TEST_DATABASE_URL') });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** As long as a connection that has been closed may take to be gone on the server's side, ms. */
const CLOSING_MS = 500;
const LOOK_MS = 10;

/** Waits for those who are closing: who is thrown out while closing fails a test that is over. */
async function untilLeft(client: Client, name: string): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    const { rows } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1 LIMIT 1', [name]);
    if (rows.length === 0 || performance.now() - startedMs > CLOSING_MS) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `flow_${uniquePrefix()}`;
  await asAdmin((client) => client.query(`CREATE DATABASE ${name}`));
  const url = new URL(required('FLOW_TEST_DATABASE_URL'));
  url.pathname = `/${name}`;
  const drop = (): Promise<void> =>
    asAdmin(async (client) => {
      await untilLeft(client, name);
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    });
  return { url: url.href, drop };
}
