import { isDeepStrictEqual } from 'node:util';
import { redisKeys, type FlowEvent, type HelloFrame } from '@flow-tracking/protocol';
import type { Cluster, Redis } from 'ioredis';
import { request, startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow } from '../../../test/support/flow-events';
import { connectLive } from '../../../test/support/live-client';
import { startTestRedisService, type TestRedisService } from '../../../test/support/redis-topology';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let service: TestRedisService;
let redis: Redis | Cluster;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  service = await startTestRedisService();
  redis = service.client;
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: service.env });
});

afterAll(async () => {
  await bridge.stop();
  await service.deleteKeys(prefix);
  await service.close();
  await database.drop();
});

/** Publishes events as a middleware would; returns the frame's text. */
async function publish(userId: string, events: readonly FlowEvent[]): Promise<string> {
  const text = JSON.stringify({ type: 'events', user_id: userId, events });
  await service.publish(keys.live(userId), text);
  return text;
}

/** Cuts off this bridge's connections of one role, as a restart of Redis would. */
async function killConnection(role: string): Promise<void> {
  expect(await service.killConnections(`${prefix}-bridge:${role}`)).toBeGreaterThan(0);
}

const enable = (userId: string, ttlHours = 1) =>
  request(`${bridge.url}/api/v1/monitoring/enable/${encodeURIComponent(userId)}?ttl_hours=${ttlHours}`, {
    method: 'POST',
  });
const disable = (userId: string) =>
  request(`${bridge.url}/api/v1/monitoring/disable/${encodeURIComponent(userId)}`, { method: 'POST' });

describe('monitoring', () => {
  it('is projected to Redis with its expiry, announced, listed and taken back', async () => {
    const subscriber = service.nodes[0]!.duplicate();
    const changes: unknown[] = [];
    subscriber.on('message', (_channel, message) => changes.push(JSON.parse(message)));
    await subscriber.subscribe(keys.monitoringChanged);
    try {
      const { status, body } = await enable('projected', 2);
      expect(status).toBe(200);
      expect(body.grant.expires_ts - Date.now()).toBeGreaterThan(2 * 3_600_000 - 5_000);
      expect(Number(await redis.zscore(keys.monitoring, 'projected'))).toBe(body.grant.expires_ts);
      const change = { user_id: 'projected', expires_ts: body.grant.expires_ts };
      await waitFor('the change is announced', () => changes.some((got) => isDeepStrictEqual(got, change)));
      const list = await request(`${bridge.url}/api/v1/monitoring/list`);
      expect(list.body.grants).toEqual([body.grant]);

      expect((await disable('projected')).body).toEqual({ user_id: 'projected', disabled: true });
      expect(await redis.zscore(keys.monitoring, 'projected')).toBeNull();
      expect((await disable('projected')).body).toEqual({ user_id: 'projected', disabled: false });
    } finally {
      subscriber.disconnect();
    }
  });

  it('ends by itself', async () => {
    await enable('brief', 0.0001);
    await waitFor('the grant is gone from Redis', async () => (await redis.zscore(keys.monitoring, 'brief')) === null);
    const { body } = await request(`${bridge.url}/api/v1/monitoring/list`);
    expect(body.grants).toEqual([]);
  });

  it('is projected again after Redis lost it', async () => {
    await enable('kept');
    await redis.del(keys.monitoring);
    await killConnection('commands');
    await waitFor('the grant is back', async () => (await redis.zscore(keys.monitoring, 'kept')) !== null);
    await disable('kept');
  });
});

describe('live', () => {
  it('says hello, the state of monitoring and the snapshot, then relays the very bytes', async () => {
    const past = chatFlow({ userId: '123' });
    await addEvents(redis, keys, past);
    await waitFor('the flow is in history', async () => {
      const { body } = await request(`${bridge.url}/api/v1/flows/user/123`);
      return body.flows.length === 1;
    });
    await enable('123');
    const client = await connectLive(`${bridge.liveUrl}/123`);
    await client.next('snapshot');
    const now = chatFlow({ userId: '123' });
    const text = await publish('123', now.slice(0, 4));
    await client.next('events');

    const types = client.received.map(({ frame }) => frame.type);
    expect(types).toEqual(['hello', 'subscribed', 'monitoring', 'snapshot', 'events']);
    const { now_ts: helloTs } = client.received[0]?.frame as HelloFrame;
    expect(Math.abs(Date.now() - Number(helloTs))).toBeLessThan(10_000);
    expect(client.received[2]?.frame).toMatchObject({ user_id: '123', enabled: true });
    expect(client.received[3]?.frame).toMatchObject({
      flows: [{ flow_id: past[0]?.flow_id, status: 'ok' }],
      checkpoints: [{ node_id: 2 }, { node_id: 3 }, { node_id: 4 }],
    });
    expect(client.received.at(-1)?.text).toBe(text);
    await client.close();
    await disable('123');
  });

  it('subscribes in Redis only while someone watches', async () => {
    const numsub = () => service.subscribers(keys.live('watched'));
    expect(await numsub()).toBe(0);
    const first = await connectLive(`${bridge.liveUrl}/watched`);
    const second = await connectLive(`${bridge.liveUrl}/watched`);
    await Promise.all([first.next('snapshot'), second.next('snapshot')]);
    expect(await numsub()).toBe(1);
    await first.close();
    await publish('watched', chatFlow({ userId: 'watched' }));
    await second.next('events');
    await second.close();
    await waitFor('the subscription is gone', async () => (await numsub()) === 0);
  });

  it('keeps users apart, whatever their ids look like', async () => {
    const ids = ['*x', 'a?', '[a]', 'a:b', '%00', 'a', "'; DROP TABLE"];
    const clients = await Promise.all(ids.map((id) => connectLive(`${bridge.liveUrl}/${encodeURIComponent(id)}`)));
    await Promise.all(clients.map((client) => client.next('snapshot')));
    for (const id of ids) await publish(id, chatFlow({ userId: id }));
    await Promise.all(clients.map((client) => client.next('events')));
    for (const [i, client] of clients.entries()) {
      const users = client.received.flatMap(({ frame }) => (frame.type === 'events' ? [frame.user_id] : []));
      expect(users).toEqual([ids[i]]);
    }
    await Promise.all(clients.map((client) => client.close()));
  });

  it('follows every monitored user for "*", as grants come and go', async () => {
    await enable('star-1');
    const client = await connectLive(bridge.liveUrl);
    client.send({ type: 'subscribe', users: ['*'] });
    await client.next('snapshot', (frame) => frame.user_id === 'star-1');
    await enable('star-2');
    await client.next('snapshot', (frame) => frame.user_id === 'star-2');
    await publish('star-2', chatFlow({ userId: 'star-2' }));
    await client.next('events', (frame) => frame.user_id === 'star-2');
    await disable('star-2');
    await client.next('monitoring', (frame) => frame.user_id === 'star-2' && !frame.enabled);
    await publish('star-2', chatFlow({ userId: 'star-2' }));
    await publish('star-1', chatFlow({ userId: 'star-1' }));
    await client.next('events', (frame) => frame.user_id === 'star-1');
    const relayed = client.received.flatMap(({ frame }) => (frame.type === 'events' ? [frame.user_id] : []));
    expect(relayed).toEqual(['star-2', 'star-1']);
    await client.close();
    await disable('star-1');
  });

  it('sends the snapshot again after it lost Redis, and is live again', async () => {
    const client = await connectLive(`${bridge.liveUrl}/gap`);
    await client.next('snapshot');
    const missed = chatFlow({ userId: 'gap' });
    await killConnection('live');
    await addEvents(redis, keys, missed);
    await client.next('snapshot', (frame) => frame.flows[0]?.flow_id === missed[0]?.flow_id);
    await publish('gap', chatFlow({ userId: 'gap' }).slice(0, 2));
    await client.next('events');
    await client.close();
  });

  it('shows what was recorded just before the viewer came', async () => {
    const events = chatFlow({ userId: 'race' }).slice(0, 4);
    const client = await connectLive(`${bridge.liveUrl}/race`);
    await client.next('snapshot');
    // Published before the subscription, in Postgres only after the snapshot.
    await addEvents(redis, keys, events);
    await client.next('snapshot', (frame) => frame.checkpoints.some((node) => node.status === 'running'));
    await client.close();
  });

  it('answers bad frames with a code, and stays', async () => {
    const client = await connectLive(bridge.liveUrl);
    client.send('{');
    await client.next('error', (frame) => frame.code === 'invalid_json');
    client.send({ type: 'shout' });
    await client.next('error', (frame) => frame.code === 'unknown_type');
    client.send({ type: 'subscribe', users: [7] });
    await client.next('error', (frame) => frame.code === 'invalid_field');
    client.send({ type: 'subscribe', users: Array.from({ length: 129 }, (_, i) => `u${i}`) });
    await client.next('error', (frame) => frame.code === 'too_many_subscriptions');
    client.send({ type: 'ping' });
    await client.next('pong');
    await client.close();
  });

  it('cuts off a client whose frame is too large', async () => {
    const client = await connectLive(bridge.liveUrl);
    client.send('x'.repeat(1024 * 1024));
    expect(await client.closed).toBe(1009);
  });
});
