import { flowTracking, type FlowTracking } from '@flow-tracking/express';
import { redisKeys, type FlowDetail, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { request, startTestBridge } from './support/bridge';
import { connectLive, type TestLiveClient } from './support/live-client';
import { startTestCluster, type TestCluster } from './support/redis-cluster';
import { createTestDatabase, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

const prefix = 'clustered';
const keys = redisKeys(prefix);
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let cluster: TestCluster;
let admins: Redis[];
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let tracking: FlowTracking;

beforeAll(async () => {
  cluster = await startTestCluster({ requirepass: 'secret-of-the-test' });
  admins = cluster.urls.map((url) => new Redis(url, { connectionName: 'admin', retryStrategy: () => 50 }));
  for (const admin of admins) admin.on('error', () => undefined);
  database = await createTestDatabase();
  bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix,
    env: { REDIS_URL: cluster.urls.join(','), FLOW_PARTITIONS: '4' },
  });
  tracking = flowTracking({ redis: cluster.urls, prefix, partitions: 4, logger: silent });
});

afterAll(async () => {
  await tracking.close(500);
  await bridge.stop();
  await waitFor('no connection is left', async () => {
    const lists = await Promise.all(admins.map((admin) => admin.client('LIST') as Promise<string>));
    return lists.every((list) => !list.includes(`${prefix}-bridge`));
  });
  for (const admin of admins) admin.disconnect();
  await cluster.remove();
  await database.drop();
});

const eventsOf = (client: TestLiveClient): FlowEvent[] =>
  client.received.flatMap(({ frame }) => (frame.type === 'events' ? frame.events : []));

async function watch(user: string): Promise<TestLiveClient> {
  await request(`${bridge.url}/api/v1/monitoring/enable/${user}`, { method: 'POST' });
  const { users } = tracking.stats().monitoring;
  await waitFor('the middleware knows', () => tracking.stats().monitoring.users >= Math.max(users, 1));
  const client = await connectLive(`${bridge.liveUrl}/${user}`);
  await client.next('snapshot');
  return client;
}

function record(user: string): string {
  const flow = tracking.startFlow({ name: 'job', userId: user });
  flow.checkpoint('auth_check');
  flow.end();
  return flow.id;
}

const inHistory = (flowId: string, timeoutMs = 10_000): Promise<FlowDetail> =>
  waitFor(
    `flow ${flowId} is in history`,
    async () => {
      const { body } = await request(`${bridge.url}/api/v1/flows/${flowId}`);
      return body.flow?.status === 'ok' && (body as FlowDetail);
    },
    timeoutMs,
  );

/** Records until one flow is seen live: frames are lost while a channel has no node, and history has them. */
async function untilLive(client: TestLiveClient, user: string): Promise<void> {
  let flows: string[] = [];
  await waitFor('a flow is live', () => {
    flows = [...flows, record(user)].slice(-100);
    if (eventsOf(client).some(({ flow_id }) => flows.includes(flow_id))) return true;
    const { published, unpublished, monitoring } = tracking.stats();
    throw new Error(`None of ${user} yet: ${JSON.stringify({ published, unpublished, monitoring })}`);
  });
}

/** How many connections the bridge has by now, to all nodes, by what they are for. */
async function connections(): Promise<(role: string) => number> {
  const names = await waitFor('its connections are made', async () => {
    const lists = await Promise.all(admins.map((admin) => admin.client('LIST') as Promise<string>));
    const all = lists.flatMap((list) => [...list.matchAll(/ name=(\S+)/g)].map((match) => String(match[1])));
    return all.includes(`${prefix}-bridge:live`) && all;
  });
  return (role) => names.filter((name) => name === `${prefix}-bridge:${role}`).length;
}

describe('a bridge on a Redis Cluster', () => {
  it('shows users of all nodes live, and keeps the streams of all nodes', async () => {
    const users = ['ann', 'bob', 'cyd', 'dan', 'eve'];
    expect(new Set(await Promise.all(users.map((user) => cluster.nodeOf(keys.live(user))))).size).toBe(3);
    const clients = await Promise.all(users.map(watch));
    await waitFor('the middleware knows all', () => tracking.stats().monitoring.users === users.length);
    const flows = users.map(record);
    for (const [i, client] of clients.entries()) {
      await client.next('events', (frame) => frame.events.some((event) => event.type === 'flow_end'));
      expect(eventsOf(client).map(({ flow_id, seq }) => [flow_id, seq])).toEqual(
        [0, 1, 2].map((seq) => [flows[i], seq]),
      );
      await inHistory(flows[i] ?? '');
      await client.close();
    }
  });

  it('has the connections that it needs, and no more', async () => {
    const client = await watch('ann');
    const count = await connections();
    // The node of the stream, and the one that was asked whether the cluster is ready.
    for (const partition of [0, 1, 2, 3]) expect(count(`history-${partition}`)).toBeLessThanOrEqual(2);
    expect(count('commands')).toBeLessThanOrEqual(3);
    expect(count('live')).toBeLessThanOrEqual(2);
    await client.close();
  });

  it("follows a user's channel to another node", async () => {
    const client = await watch('mover');
    await untilLive(client, 'mover');
    const from = await cluster.nodeOf(keys.live('mover'));
    const to = cluster.nodes.find((node) => node !== from) ?? from;
    const before = client.received.length;
    await cluster.moveSlot(keys.live('mover'), to);
    try {
      await waitFor('the snapshot is sent again', () =>
        client.received.slice(before).some(({ frame }) => frame.type === 'snapshot'),
      );
      const flow = record('mover');
      await client.next('events', (frame) => frame.events.some(({ flow_id }) => flow_id === flow));
    } finally {
      await cluster.moveSlot(keys.live('mover'), from);
      await client.close();
    }
  });

  it('goes on with a node that was lost, at most 5 s after it is back, and with the others meanwhile', async () => {
    const [lost, other] = ['mover', 'ann'];
    const node = await cluster.nodeOf(keys.live(lost));
    expect(await cluster.nodeOf(keys.live(other))).not.toBe(node);
    const lostClient = await watch(lost);
    const otherClient = await watch(other);
    await untilLive(lostClient, lost);
    const snapshots = (): number => lostClient.received.filter(({ frame }) => frame.type === 'snapshot').length;
    const before = snapshots();
    await node.signal('SIGKILL');
    await waitFor('the bridge is not ready', async () => (await request(`${bridge.url}/readyz`)).status === 503);
    // Without a replica the others refuse soon, too; until then they go on.
    await node.start();
    await cluster.untilOk();
    const backAt = Date.now();
    await waitFor('the bridge is ready', async () => (await request(`${bridge.url}/readyz`)).status === 200);
    await waitFor('the snapshot is sent again', () => snapshots() > before);
    await untilLive(lostClient, lost);
    await untilLive(otherClient, other);
    expect(Date.now() - backAt).toBeLessThan(5_000);
    await inHistory(record(lost));
    // Whoever lost a node asks another one for the slots, and keeps a connection to each at most.
    const count = await connections();
    const roles = [...[0, 1, 2, 3].map((partition) => `history-${partition}`), 'commands', 'live'];
    for (const role of roles) expect(count(role)).toBeLessThanOrEqual(cluster.nodes.length);
    await lostClient.close();
    await otherClient.close();
  });
});
