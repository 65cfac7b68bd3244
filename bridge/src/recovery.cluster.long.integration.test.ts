import { redisKeys, type RedisKeys } from '@flow-tracking/protocol';
import { Cluster } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { startTestBridge } from '../../test/support/bridge';
import { expectWholeHistory, startHistoryLoad, untilWritten, type HistoryLoad } from '../../test/support/history-load';
import { connectHistory } from '../../test/support/history-rows';
import { startTestCluster, type TestCluster } from '../../test/support/redis-cluster';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';

/** RELIABILITY.md, promises 2 and 3, with the streams on the three nodes of a Redis Cluster. */

const PARTITIONS = 4;

let cluster: TestCluster;
let redis: Cluster;
let database: TestDatabase;
let client: Client;
let keys: RedisKeys;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  cluster = await startTestCluster({ appendfsync: 'always' });
});

afterAll(() => cluster.remove());

beforeEach(async () => {
  const prefix = uniquePrefix();
  keys = redisKeys(prefix);
  database = await createTestDatabase();
  client = await connectHistory(database.url);
  redis = new Cluster([...cluster.urls], { clusterRetryStrategy: () => 50 });
  redis.on('error', () => undefined);
  bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix,
    env: { REDIS_URL: cluster.urls.join(','), FLOW_PARTITIONS: String(PARTITIONS) },
  });
});

afterEach(async () => {
  await bridge.stop();
  await client.end();
  redis.disconnect();
  await database.drop();
});

const startLoad = (): HistoryLoad => startHistoryLoad(redis, keys, PARTITIONS);
const expectWhole = (flows: number): Promise<void> =>
  expectWholeHistory(flows, { redis, keys, client, partitions: PARTITIONS });

describe('a node of the cluster', () => {
  it('is killed and started again, one after another', async () => {
    const load = startLoad();
    for (const node of cluster.nodes) {
      await untilWritten(bridge);
      await node.signal('SIGKILL');
      await node.start();
      await cluster.untilOk();
    }
    await untilWritten(bridge);
    await expectWhole(await load.stop());
  });

  it('hangs', async () => {
    const load = startLoad();
    await untilWritten(bridge);
    const node = await cluster.nodeOf(keys.stream(0));
    await node.signal('SIGSTOP');
    await delay(4_000);
    await node.signal('SIGCONT');
    await cluster.untilOk();
    await untilWritten(bridge);
    await expectWhole(await load.stop());
  });

  it('loses the consumer groups: they are there again within a second', async () => {
    const load = startLoad();
    for (let p = 0; p < PARTITIONS; p++) {
      await untilWritten(bridge);
      await redis.xgroup('DESTROY', keys.stream(p), keys.group);
      await waitFor(
        'the group is there',
        async () => ((await redis.xinfo('GROUPS', keys.stream(p))) as unknown[]).length === 1,
        1_000,
      );
    }
    await untilWritten(bridge);
    await expectWhole(await load.stop());
  });
});
