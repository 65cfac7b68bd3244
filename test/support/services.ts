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

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: required('FLOW_TEST_DATABASE_URL') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `flow_${uniquePrefix()}`;
  await asAdmin(`CREATE DATABASE ${name}`);
  const url = new URL(required('FLOW_TEST_DATABASE_URL'));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`DROP DATABASE ${name} WITH (FORCE)`) };
}
