import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import path from 'node:path';
import { Client } from 'pg';
import { request } from '../support/bridge';
import { addEvents, chatFlow } from '../support/flow-events';
import { freePort } from '../support/free-port';
import { startNode, untilHealthy, type TestProcess } from '../support/process';
import { startTestRedis } from '../support/redis-server';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../support/services';
import { waitFor } from '../support/wait-for';

const MAIN = path.join(__dirname, '..', '..', 'bridge', 'dist', 'main.js');
/** Generous for a loaded machine; the old start ended at 5 s. */
const READY_MS = 10_000;
const QUICK_MS = 2_000;

let database: TestDatabase;
let admin: Client;
let prefix: string;
let redis: Redis;
let bridge: TestProcess;
let url: string;

async function start(env: Record<string, string> = {}): Promise<number> {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const startedAt = Date.now();
  bridge = startNode([MAIN], {
    REDIS_URL: redisUrl(),
    DATABASE_URL: database.url,
    FLOW_BRIDGE_PORT: `${port}`,
    FLOW_PREFIX: prefix,
    FLOW_PARTITIONS: '1',
    ...env,
  });
  await untilHealthy(bridge, `${url}/readyz`);
  return Date.now() - startedAt;
}

async function migrateOnly(): Promise<void> {
  const migrating = startNode([MAIN, '--migrate'], { DATABASE_URL: database.url });
  expect(await migrating.exited).toBe(0);
}

async function connect(databaseUrl = database.url): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Days from today of which there are partitions, by the tables of flows. */
async function partitionDays(): Promise<number[]> {
  const { rows } = await admin.query<{ day: number }>(
    `SELECT to_date(right(relname, 8), 'YYYYMMDD') - (now() AT TIME ZONE 'UTC')::date AS day FROM pg_class
     WHERE relnamespace = 'flow'::regnamespace AND relkind = 'r' AND relname ~ '^flows_p\\d{8}$' ORDER BY 1`,
  );
  return rows.map((row) => row.day);
}

/** As on the first start after more than a week. */
const dropPartitions = () => admin.query(`SELECT flow.drop_day_partitions((now() AT TIME ZONE 'UTC')::date + 30)`);

async function writeFlow(): Promise<void> {
  const events = chatFlow();
  await addEvents(redis, redisKeys(prefix), events);
  await waitFor('the flow is in history', async () => {
    const { body } = await request(`${url}/api/v1/flows/${events[0]?.flow_id}`);
    return body.flow?.status === 'ok';
  });
}

beforeEach(async () => {
  database = await createTestDatabase();
  prefix = uniquePrefix();
  redis = new Redis(redisUrl());
  await migrateOnly();
  admin = await connect();
});

afterEach(async () => {
  bridge.child.kill('SIGKILL');
  await bridge.exited;
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  redis.disconnect();
  await admin.end();
  await database.drop();
});

describe('a start', () => {
  it.each([
    ['a reader', 'SELECT count(*) FROM flow.flows; SELECT count(*) FROM flow.checkpoints'],
    ['pg_dump', 'LOCK TABLE flow.flows, flow.checkpoints IN ACCESS SHARE MODE'],
  ])(
    'is not stopped, nor history delayed, by the open transaction of %s',
    async (_who, statement) => {
      await dropPartitions();
      const reader = await connect();
      await reader.query(`BEGIN; ${statement}`);
      expect(await start()).toBeLessThan(READY_MS);
      for (let i = 0; i < 40; i++) {
        const askedAt = Date.now();
        expect((await request(`${url}/api/v1/flows`)).status).toBe(200);
        expect(Date.now() - askedAt).toBeLessThan(QUICK_MS);
      }
      await writeFlow();
      expect(await partitionDays()).toEqual([]);
      expect(bridge.output()).toMatch(/"work":"partitions","code":"55P03"/);
      const { body } = await request(`${url}/readyz`);
      expect(body.status).toBe('ok');

      await reader.query('COMMIT');
      await waitFor('the days ahead have partitions', async () => (await partitionDays()).includes(7), 60_000);
      await reader.end();
      await writeFlow();
    },
    120_000,
  );

  it('works with a role that may not change the schema, and tells it', async () => {
    const role = `flow_${uniquePrefix()}`;
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret';
      GRANT USAGE ON SCHEMA flow TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA flow TO ${role};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA flow TO ${role}`);
    try {
      await dropPartitions();
      const asRole = new URL(database.url);
      asRole.username = role;
      asRole.password = 'secret';
      await start({ DATABASE_URL: asRole.href });
      await writeFlow();
      await waitFor('it is told', () => bridge.output().includes('"work":"partitions","code":"42501"'));
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('flow_bridge_failing{work="partitions",partition="",reason="42501"} 1');
      bridge.child.kill('SIGKILL');
      await bridge.exited;
    } finally {
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('is not stopped by grants that are locked, and reads them once they are not', async () => {
    await admin.query(`INSERT INTO flow.monitoring (user_id, expires_at) VALUES ('ann', now() + interval '1 hour')`);
    const locker = await connect();
    await locker.query('BEGIN; LOCK TABLE flow.monitoring IN ACCESS EXCLUSIVE MODE');
    await start();
    await waitFor('it is told', () => bridge.output().includes('"work":"grants_read","code":"57014"'), 20_000);
    await locker.query('COMMIT');
    await locker.end();
    const key = redisKeys(prefix).monitoring;
    await waitFor('the grant is projected', async () => (await redis.zscore(key, 'ann')) !== null, 30_000);
  }, 60_000);

  it('works with a Redis that is full, and goes on when it is not', async () => {
    const full = await startTestRedis({ maxmemory: '1', 'maxmemory-policy': 'noeviction' });
    const own = redis;
    redis = new Redis(full.url);
    try {
      await start({ REDIS_URL: full.url });
      expect((await request(`${url}/api/v1/flows`)).status).toBe(200);
      await redis.config('SET', 'maxmemory', '0');
      await writeFlow();
    } finally {
      redis.disconnect();
      redis = own;
      await full.remove();
    }
  });

  it('works with 150,000 grants in force, and with as many that have expired', async () => {
    const fill = (expiry: string) =>
      admin.query(`INSERT INTO flow.monitoring (user_id, expires_at)
        SELECT '${expiry.slice(0, 3)}' || i, now() + interval '${expiry}' FROM generate_series(1, 150000) AS i`);
    await fill('24 hours');
    await fill('-1 hours');
    await start();
    const key = redisKeys(prefix).monitoring;
    await waitFor('all are projected', async () => (await redis.zcard(key)) === 150_000, 60_000);
    const expired = async () => (await admin.query('SELECT FROM flow.monitoring WHERE expires_at < now()')).rowCount;
    await waitFor('none of the others is left', async () => (await expired()) === 0, 60_000);
    const lines = bridge.output().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(5_000);
    expect((await request(`${url}/healthz`)).status).toBe(200);
  }, 180_000);
});
