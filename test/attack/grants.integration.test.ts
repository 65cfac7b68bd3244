import { flowTracking, type FlowTracking } from '@flow-tracking/express';
import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { request, startTestBridge } from '../support/bridge';
import { inFull } from '../support/length';
import { startTestRedis, type TestRedis } from '../support/redis-server';
import { createTestDatabase, type TestDatabase } from '../support/services';
import { waitFor } from '../support/wait-for';

const prefix = 'grants';
const keys = redisKeys(prefix);
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
/** Promised: 15 s. */
const REPAIRED_MS = 15_000;

let server: TestRedis;
let redis: Redis;
let database: TestDatabase;
let bridges: Awaited<ReturnType<typeof startTestBridge>>[];
let tracking: FlowTracking;
let published: string[];
let listener: Redis;

beforeAll(async () => {
  server = await startTestRedis({ 'maxmemory-policy': 'noeviction' });
  redis = new Redis(server.url);
  listener = new Redis(server.url);
  database = await createTestDatabase();
  const options = {
    databaseUrl: database.url,
    prefix,
    env: { REDIS_URL: server.url, FLOW_CONTROL_RATE_PER_MINUTE: '1000' },
  };
  bridges = [await startTestBridge(options), await startTestBridge(options)];
  tracking = flowTracking({ redis: server.url, prefix, partitions: 2, logger: silent });
  published = [];
  await listener.subscribe(keys.live('ann'));
  listener.on('message', (_channel, message) => published.push(message));
});

afterAll(async () => {
  await tracking.close(500);
  for (const bridge of bridges) await bridge.stop();
  for (const client of [redis, listener]) client.disconnect();
  await server.remove();
  await database.drop();
});

const post = (path: string) => request(`${bridges[0]?.url}/api/v1/monitoring/${path}`, { method: 'POST' });

const projected = () => redis.zrange(keys.monitoring, 0, '-1');

/** A flow of the monitored user reaches the channel that viewers listen to. */
async function untilPublished(timeoutMs: number): Promise<void> {
  published.length = 0;
  await waitFor(
    'flows are published',
    () => {
      const flow = tracking.startFlow({ name: 'job', userId: 'ann' });
      flow.checkpoint('auth_check');
      flow.end();
      return published.length > 0;
    },
    timeoutMs,
  );
}

beforeEach(async () => {
  await post('enable/ann?ttl_hours=1');
  await post('enable/bob?ttl_hours=1');
  await untilPublished(REPAIRED_MS);
});

describe('the projection of the grants is repaired within 15 s', () => {
  it('after FLUSHALL, and flows are published again', async () => {
    await redis.flushall();
    await waitFor('it is back', async () => (await projected()).join() === 'ann,bob', REPAIRED_MS);
    await untilPublished(5_000);
  }, 60_000);

  if (inFull()) {
    it('after the loss of its key, although the middleware has read the empty set', async () => {
      await redis.del(keys.monitoring);
      await redis.publish(keys.monitoringChanged, JSON.stringify({ user_id: null, expires_ts: null }));
      await waitFor('it is back', async () => (await projected()).join() === 'ann,bob', REPAIRED_MS);
      await waitFor('the middleware knows both', () => tracking.stats().monitoring.users === 2, REPAIRED_MS);
      await untilPublished(5_000);
    }, 60_000);
  }

  if (inFull()) {
    it('after the loss of one user', async () => {
      await redis.zrem(keys.monitoring, 'bob');
      await waitFor('it is back', async () => (await projected()).join() === 'ann,bob', REPAIRED_MS);
    }, 60_000);
  }

  it('of users that have no grant, and of a wrong expiry', async () => {
    const expiry = Number(await redis.zscore(keys.monitoring, 'bob'));
    await redis.zadd(keys.monitoring, Date.now() + 3_600_000, 'mallory', Date.now() + 1_000, 'bob');
    await waitFor(
      'it is right',
      async () => Number(await redis.zscore(keys.monitoring, 'bob')) === expiry && (await projected()).length === 2,
      REPAIRED_MS,
    );
    await waitFor('the middleware knows two', () => tracking.stats().monitoring.users === 2, REPAIRED_MS);
  }, 60_000);

  if (inFull()) {
    it('of a wrong expiry among more than 10,000 grants', async () => {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      await client.query(
        `INSERT INTO flow.monitoring (user_id, expires_at)
         SELECT 'many-' || i, now() + interval '1 hour' FROM generate_series(1, 10500) AS i`,
      );
      await waitFor('all are there', async () => (await redis.zcard(keys.monitoring)) === 10_502, REPAIRED_MS);
      const expiry = Number(await redis.zscore(keys.monitoring, 'many-7000'));
      await redis.zadd(keys.monitoring, expiry - 1_000, 'many-7000');
      const repaired = async () => Number(await redis.zscore(keys.monitoring, 'many-7000')) === expiry;
      await waitFor('it is right', repaired, REPAIRED_MS);
      await client.query(`DELETE FROM flow.monitoring WHERE user_id LIKE 'many-%'`);
      await client.end();
      await waitFor('they are gone', async () => (await redis.zcard(keys.monitoring)) === 2, REPAIRED_MS);
    }, 90_000);
  }

  it('of a grant made while Redis is full, once it has room', async () => {
    await redis.config('SET', 'maxmemory', '1');
    const { status, body } = await post('enable/carl?ttl_hours=1');
    expect([status, body.error.code]).toEqual([503, 'redis_unavailable']);
    await waitFor('it is told in the metric', async () =>
      (await (await fetch(`${bridges[0]?.url}/metrics`)).text()).includes(
        'flow_bridge_failing{work="grants_projection",partition="",reason="OOM"} 1',
      ),
    );
    await redis.config('SET', 'maxmemory', '0');
    await waitFor('it is projected', async () => (await projected()).includes('carl'), REPAIRED_MS);
    await waitFor('the middleware knows it', () => tracking.stats().monitoring.users === 3, REPAIRED_MS);
    await waitFor(
      'the failure is over',
      async () => !(await (await fetch(`${bridges[0]?.url}/metrics`)).text()).includes('work="grants_projection"'),
      REPAIRED_MS,
    );
    await post('disable/carl');
  }, 90_000);

  it('to what the grants are, while both bridges change them', async () => {
    const users = Array.from({ length: 60 }, (_, i) => `user-${i}`);
    await redis.flushall();
    await Promise.all(
      users.map((user, i) =>
        request(`${bridges[i % 2]?.url}/api/v1/monitoring/enable/${user}?ttl_hours=1`, { method: 'POST' }),
      ),
    );
    await Promise.all(
      users
        .slice(0, 30)
        .map((user, i) => request(`${bridges[i % 2]?.url}/api/v1/monitoring/disable/${user}`, { method: 'POST' })),
    );
    const expected = ['ann', 'bob', ...users.slice(30)].sort().join();
    await waitFor('all of it is right', async () => (await projected()).sort().join() === expected, REPAIRED_MS);
  }, 60_000);
});
