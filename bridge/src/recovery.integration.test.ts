import { redisKeys, type RedisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { request, startTestBridge } from '../../test/support/bridge';
import { expectWholeHistory, startHistoryLoad, untilWritten, type HistoryLoad } from '../../test/support/history-load';
import { connectHistory } from '../../test/support/history-rows';
import { times } from '../../test/support/length';
import { startTestRedis, type TestRedis } from '../../test/support/redis-server';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy';
import { waitFor } from '../../test/support/wait-for';

/** RELIABILITY.md, promises 2 and 3: what breaks comes back within 5 s, and nothing is lost or doubled by it. */

let server: TestRedis;
let redis: Redis;
let database: TestDatabase;
let client: Client;
let proxy: TcpProxy;
let redisProxy: TcpProxy;
let keys: RedisKeys;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  server = await startTestRedis({ appendfsync: 'always' });
});

afterAll(() => server.remove());

beforeEach(async () => {
  const prefix = uniquePrefix();
  keys = redisKeys(prefix);
  database = await createTestDatabase();
  client = await connectHistory(database.url);
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

const startLoad = (): HistoryLoad => startHistoryLoad(redis, keys);
const untilWriting = (): Promise<void> => untilWritten(bridge);
const expectWhole = (flows: number): Promise<void> => expectWholeHistory(flows, { redis, keys, client });

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
    for (let i = 0; i < times({ short: 3, full: 10 }); i++) {
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
    for (let i = 0; i < times({ short: 2, full: 5 }); i++) {
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
    for (let i = 0; i < times({ short: 5, full: 20 }); i++) {
      await untilWriting();
      redisProxy.setMode('refuse');
      await delay(i * times({ short: 20, full: 5 }));
      redisProxy.setMode('pass');
    }
    await untilWriting();
    await expectWhole(await load.stop());
  });

  it('loses the consumer group: it is there again within a second', async () => {
    const load = startLoad();
    for (let i = 0; i < times({ short: 2, full: 5 }); i++) {
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
