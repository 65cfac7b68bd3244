import { flowTracking, type FlowTracking } from '@flow-tracking/express';
import { Redis } from 'ioredis';
import { once } from 'node:events';
import { request, startTestBridge } from './support/bridge';
import { connectLive } from './support/live-client';
import { startTestSentinel, type TestSentinel } from './support/redis-sentinel';
import { startTestRedis, type TestRedis } from './support/redis-server';
import { createTestDatabase, type TestDatabase } from './support/services';
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy';
import { waitFor } from './support/wait-for';

const prefix = 'sentinel';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let master: TestRedis;
let replica: TestRedis;
let sentinel: TestSentinel;
/** The bridge reaches the sentinel by it. */
let proxy: TcpProxy;
let onReplica: Redis;
let onSentinel: Redis;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let tracking: FlowTracking;

beforeAll(async () => {
  database = await createTestDatabase();
  // A replica that is new waits for no others.
  master = await startTestRedis({ 'repl-diskless-sync-delay': '0' });
  replica = await startTestRedis({ replicaof: `127.0.0.1 ${master.port}` });
  onReplica = new Redis(replica.url);
  await waitFor('the replica is up', async () => (await onReplica.info('replication')).includes('link_status:up'));
  sentinel = await startTestSentinel(master.port);
  onSentinel = new Redis(sentinel.url);
  await waitFor('the sentinel knows both', async () => (await onSentinel.info('sentinel')).includes('slaves=1'));
  proxy = await startTcpProxy(sentinel.port);
  bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix,
    env: { REDIS_SENTINELS: `${sentinel.host}:${proxy.port}` },
  });
  tracking = flowTracking({
    redis: { sentinels: [{ host: sentinel.host, port: sentinel.port }], name: 'mymaster' },
    prefix,
    partitions: 2,
    logger: silent,
  });
});

afterAll(async () => {
  await tracking.close(500);
  await bridge.stop();
  await proxy.close();
  for (const client of [onReplica, onSentinel]) client.disconnect();
  for (const server of [sentinel, replica, master]) await server.remove();
  await database.drop();
});

function record(): string {
  const flow = tracking.startFlow({ name: 'job', userId: 'ann' });
  flow.checkpoint('auth_check');
  flow.end();
  return flow.id;
}

const isInHistory = async (flowId: string): Promise<boolean> =>
  (await request(`${bridge.url}/api/v1/flows/${flowId}`)).body.flow?.status === 'ok';

describe('a bridge with Redis Sentinel', () => {
  it('goes on live and with history at most 5 s after the failover', async () => {
    await request(`${bridge.url}/api/v1/monitoring/enable/ann`, { method: 'POST' });
    await waitFor('the middleware knows', () => tracking.stats().monitoring.users === 1);
    const client = await connectLive(`${bridge.liveUrl}/ann`);
    await client.next('snapshot');
    const seen = (flowIds: readonly string[]): boolean =>
      client.received.some(
        ({ frame }) => frame.type === 'events' && frame.events.some(({ flow_id }) => flowIds.includes(flow_id)),
      );
    const before = record();
    await waitFor('it is live', () => seen([before]));
    await waitFor('it is in history', () => isInHistory(before));

    // The bridge hears of the failover, but who of it asks for the primary gets no answer until it is over.
    proxy.setMode('hold');
    const told = once(onSentinel, 'message');
    await onSentinel.subscribe('+switch-master');
    await master.signal('SIGKILL');
    await told;
    proxy.setMode('pass');
    const promotedAt = Date.now();
    const after: string[] = [];
    await waitFor('flows are live again', () => {
      after.push(record());
      return seen(after);
    });
    const last = record();
    await waitFor('history goes on', () => isInHistory(last));
    expect(Date.now() - promotedAt).toBeLessThan(5_000);
    for (const flow of after) await waitFor(`${flow} is in history`, () => isInHistory(flow));
    expect((await request(`${bridge.url}/readyz`)).status).toBe(200);
    // The grant is on the new primary, where the next middleware looks for it.
    expect(await onReplica.zscore('sentinel:monitoring', 'ann')).not.toBeNull();
    await client.close();
  });
});
