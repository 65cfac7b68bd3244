import { redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { request, startTestBridge } from '../../test/support/bridge';
import { addEvents, chatFlow, untilSettled } from '../../test/support/flow-events';
import { startTestRedis, type TestRedis } from '../../test/support/redis-server';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy';
import { waitFor } from '../../test/support/wait-for';

/** RELIABILITY.md, promises 2 and 3: what breaks comes back within 5 s, and nothing is lost or doubled by it. */

const PARTITIONS = 2;
const RECOVERY_MS = 5_000;

let server: TestRedis;
let redis: Redis;
let database: TestDatabase;
let client: Client;
let proxy: TcpProxy;
let redisProxy: TcpProxy;
let prefix: string;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  server = await startTestRedis({ appendfsync: 'always' });
});

afterAll(() => server.remove());

beforeEach(async () => {
  prefix = uniquePrefix();
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  redis = new Redis(server.url, { retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  const target = new URL(database.url);
  proxy = await startTcpProxy(Number(target.port));
  target.port = String(proxy.port);
  redisProxy = await startTcpProxy(server.port);
  bridge = await startTestBridge({
    databaseUrl: target.href,
    prefix,
    env: { REDIS_URL: `redis://127.0.0.1:${redisProxy.port}` },
  });
});

afterEach(async () => {
  proxy.setMode('pass');
  await bridge.stop();
  await proxy.close();
  await redisProxy.close();
  await client.end();
  await redis.quit();
  await database.drop();
});

/** Adds flows, cut in two, until it is stopped; an XADD that fails is tried again, as the middleware does. */
function startLoad() {
  const keys = redisKeys(prefix);
  let running = true;
  let flows = 0;
  const add = async (events: readonly FlowEvent[], partition: number): Promise<void> => {
    for (;;) {
      try {
        await addEvents(redis, keys, events, partition);
        return;
      } catch {
        await delay(20);
      }
    }
  };
  const loop = (async () => {
    while (running) {
      const batch = Array.from({ length: 5 }, () => chatFlow({ userId: `user-${flows % 7}` }));
      await add(
        batch.flatMap((events) => events.slice(0, 5)),
        flows % PARTITIONS,
      );
      await delay(5);
      await add(
        batch.flatMap((events) => events.slice(5)),
        flows % PARTITIONS,
      );
      flows += batch.length;
    }
  })();
  return {
    async stop(): Promise<number> {
      running = false;
      await loop;
      return flows;
    },
  };
}

/** Resolves when the bridge has written something again. */
async function untilWriting(): Promise<void> {
  const before = bridge.counts.written;
  await waitFor('history is written again', () => bridge.counts.written > before, RECOVERY_MS);
}

/** All streams are settled, and rows and roll-up are those of so many flows. */
async function expectWhole(flows: number): Promise<void> {
  const keys = redisKeys(prefix);
  await untilSettled(redis, keys, { timeoutMs: 20_000 });
  const { rows } = await client.query<Record<string, unknown>>(`SELECT
    (SELECT count(*)::int FROM flow.flows WHERE status = 'ok' AND checkpoint_count = 3 AND error_count = 1) AS flows,
    (SELECT count(*)::int FROM flow.checkpoints) AS checkpoints,
    (SELECT array_agg(n::int) FROM (SELECT sum(count) AS n FROM flow.checkpoint_stats GROUP BY slot_s) AS s) AS stats`);
  const nodes = flows * 3;
  expect(rows[0]).toEqual({ flows, checkpoints: nodes, stats: [nodes, nodes, nodes] });
  expect(await redis.exists(keys.dead)).toBe(0);
}

describe('Postgres', () => {
  it('is not there for a while: the stream holds what comes, and readers are told', async () => {
    const load = startLoad();
    await untilWriting();
    proxy.setMode('refuse');
    await delay(1_500);
    const answer = await request(`${bridge.url}/api/v1/flows`);
    expect([answer.status, answer.body.error.code]).toEqual([503, 'postgres_unavailable']);
    const ready = await request(`${bridge.url}/readyz`);
    expect([ready.status, ready.body.checks.redis]).toEqual([503, 'ok']);
    proxy.setMode('pass');
    await untilWriting();
    await expectWhole(await load.stop());
  });

  it('hangs: its connections stand, and nothing comes back', async () => {
    const load = startLoad();
    await untilWriting();
    proxy.setMode('stall');
    await delay(3_000);
    proxy.setMode('pass');
    await untilWriting();
    await expectWhole(await load.stop());
  });

  it('ends every connection, again and again', async () => {
    const load = startLoad();
    for (let i = 0; i < 10; i++) {
      await untilWriting();
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    }
    await untilWriting();
    await expectWhole(await load.stop());
  });
});

describe('Redis', () => {
  it('is killed and started again, again and again', async () => {
    const load = startLoad();
    for (let i = 0; i < 5; i++) {
      await untilWriting();
      await server.signal('SIGKILL');
      await server.start();
    }
    await untilWriting();
    await expectWhole(await load.stop());
  });

  it('hangs', async () => {
    const load = startLoad();
    await untilWriting();
    await server.signal('SIGSTOP');
    await delay(4_000);
    await server.signal('SIGCONT');
    await untilWriting();
    await expectWhole(await load.stop());
  });

  it('resets every connection, again and again, in the middle of a batch', async () => {
    const load = startLoad();
    for (let i = 0; i < 20; i++) {
      await untilWriting();
      redisProxy.setMode('refuse');
      await delay(i * 5);
      redisProxy.setMode('pass');
    }
    await untilWriting();
    await expectWhole(await load.stop());
  });

  it('loses the consumer group: it is there again within a second', async () => {
    const load = startLoad();
    const keys = redisKeys(prefix);
    for (let i = 0; i < 5; i++) {
      await untilWriting();
      await redis.xgroup('DESTROY', keys.stream(0), keys.group);
      await waitFor(
        'the group is there',
        async () => ((await redis.xinfo('GROUPS', keys.stream(0))) as unknown[]).length === 1,
        1_000,
      );
    }
    await untilWriting();
    await expectWhole(await load.stop());
  });
});
