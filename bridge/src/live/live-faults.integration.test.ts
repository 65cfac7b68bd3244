import { redisKeys } from '@flow-tracking/protocol';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import { startTestBridge } from '../../../test/support/bridge';
import { chatFlow } from '../../../test/support/flow-events';
import { connectLive } from '../../../test/support/live-client';
import { startTestRedisService, type TestRedisService } from '../../../test/support/redis-topology';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let service: TestRedisService;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  service = await startTestRedisService();
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: service.env });
});

afterAll(async () => {
  await bridge.stop();
  await service.deleteKeys(prefix);
  await service.close();
  await database.drop();
});

const subscribers = (user: string) => service.subscribers(keys.live(user));

/** A frame that the bridge does not look into, so it may be anything. */
const publish = (user: string, frame: object) =>
  service.publish(keys.live(user), JSON.stringify({ type: 'events', user_id: user, events: [], ...frame }));

/** A client that never reads: what is sent to it fills the system's buffers, then the bridge's. */
async function connectStalled(user: string): Promise<WebSocket> {
  const client = new WebSocket(`${bridge.liveUrl}/${user}`);
  await once(client, 'open');
  client.pause();
  await waitFor('it is subscribed', async () => (await subscribers(user)) > 0);
  return client;
}

/** More than the buffers of both ends of a connection on loopback can take, and 1 MB on top. */
async function publishTooMuch(user: string): Promise<void> {
  const filling = 'x'.repeat(60_000);
  await waitFor('the stalled viewer is let go', async () => {
    for (let i = 0; i < 50; i++) await publish(user, { filling });
    return (await subscribers(user)) === 0;
  });
}

describe('a viewer that does not read', () => {
  it('is let go at 1 MB, and can read why', async () => {
    const client = await connectStalled('slow');
    await publishTooMuch('slow');
    const closed = once(client, 'close') as Promise<[number, Buffer]>;
    client.resume();
    const [code, reason] = await closed;
    expect(code).toBe(4008);
    expect(reason.toString()).toMatch(/^too_slow: /);
  });

  it('is cut off soon when it does not read that either', async () => {
    const client = await connectStalled('dead');
    await publishTooMuch('dead');
    // A reset tells nothing to one that does not read, so there is nothing to wait for but the time.
    await delay(2_300);
    const closed = once(client, 'close') as Promise<[number]>;
    client.resume();
    const [code] = await closed;
    // The connection ended without a close frame.
    expect(code).toBe(1006);
  });

  it('changes no other viewer’s p99 by more than a tenth', async () => {
    const viewers = await Promise.all(Array.from({ length: 20 }, () => connectLive(`${bridge.liveUrl}/fast`)));
    await Promise.all(viewers.map((viewer) => viewer.next('snapshot')));
    const filling = 'x'.repeat(20_000);
    const measure = async (withStalled: boolean): Promise<number> => {
      for (const { received } of viewers) (received as unknown[]).length = 0;
      const stalled = withStalled ? await connectStalled('fast') : undefined;
      for (let i = 0; i < 400; i++) await publish('fast', { filling, sent_ts: Date.now() });
      await waitFor('all have come', () => viewers.every(({ received }) => countEvents(received) >= 400));
      stalled?.terminate();
      const latencies = viewers.flatMap(({ received }) =>
        received.flatMap(({ at, frame }) => {
          const { sent_ts: sentTs } = frame as { sent_ts?: number };
          return sentTs === undefined ? [] : [at - sentTs];
        }),
      );
      return latencies.sort((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? NaN;
    };
    try {
      await measure(false);
      // The machine is shared with other tests, so one quiet pair of rounds will do. Milliseconds are whole here.
      const pairs: { without: number; beside: number }[] = [];
      const isQuiet = (): boolean => pairs.some(({ without, beside }) => beside <= without * 1.1 + 5);
      while (pairs.length < 8 && !isQuiet()) pairs.push({ without: await measure(false), beside: await measure(true) });
      expect({ pairs, isQuiet: isQuiet() }).toMatchObject({ isQuiet: true });
    } finally {
      await Promise.all(viewers.map((viewer) => viewer.close()));
    }
  });
});

const countEvents = (received: readonly { frame: { type: string } }[]): number =>
  received.filter(({ frame }) => frame.type === 'events').length;

describe('2,000 viewers that come and go', () => {
  it('leave no subscription, no listener and no memory behind', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heapUsed = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const comeAndGo = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 50) {
        await Promise.all(
          Array.from({ length: 50 }, async (_, j) => {
            const client = new WebSocket(`${bridge.liveUrl}/comer-${j % 20}`);
            await once(client, 'open');
            // Some before their snapshot, some after it, some by a subscription of their own.
            if (j % 3 === 0) client.send(JSON.stringify({ type: 'subscribe', users: ['*', `other-${i}`] }));
            if (j % 3 !== 1) await once(client, 'message');
            if (j % 2 === 0) client.terminate();
            else client.close();
            await once(client, 'close');
          }),
        );
      }
      await waitFor('nobody is subscribed to', async () => {
        const channels = await Promise.all(
          service.nodes.map((node) => node.call('PUBSUB', 'CHANNELS', `${keys.live('')}*`) as Promise<string[]>),
        );
        return channels.flat().length === 0;
      });
    };
    await comeAndGo(500);
    const before = heapUsed();
    await comeAndGo(1_500);
    expect(heapUsed() - before).toBeLessThan(3 * 1024 * 1024);
    expect(warnings).toEqual([]);
    process.off('warning', onWarning);
    // Beside two browsers it takes six times as long as alone, where it takes 5 s.
  }, 90_000);
});

describe('bad input', () => {
  it('of a client that speaks no WebSocket ends its connection, and nobody else’s', async () => {
    const other = await connectLive(bridge.liveUrl);
    const socket = connect(bridge.port, '127.0.0.1');
    socket.write(
      'GET /ws/flows HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(socket, 'data');
    socket.write(Buffer.from('this is no frame, and was never meant to be one'));
    await once(socket, 'close');
    other.send({ type: 'ping' });
    await other.next('pong');
    await other.close();
  });

  it('of binary frames, wrong types and too many users is answered with codes, and 10,000 subscribes with the end', async () => {
    const client = await connectLive(bridge.liveUrl);
    client.send({ type: 'subscribe', users: 'ann' });
    await client.next('error', (frame) => frame.code === 'invalid_field');
    client.send({ type: 'subscribe', users: [''] });
    client.send({ type: 'subscribe', users: ['x'.repeat(12_000)] });
    client.send('null');
    client.send('[]');
    for (let i = 0; i < 150; i++) client.send({ type: 'subscribe', users: [`u${i}`] });
    client.send({ type: 'ping' });
    await client.next('pong');
    const codes = client.received.flatMap(({ frame }) => (frame.type === 'error' ? [frame.code] : []));
    expect(codes.filter((code) => code === 'too_many_subscriptions')).toHaveLength(150 - 128);
    expect(codes.filter((code) => code === 'invalid_field').length).toBeGreaterThanOrEqual(4);
    for (let i = 0; i < 10_000; i++) client.send({ type: 'subscribe', users: [`u${i}`] });
    expect(await client.closed).toBe(4029);
    await waitFor('nobody is subscribed to', async () => (await subscribers('u0')) === 0);

    const binary = new WebSocket(bridge.liveUrl);
    await once(binary, 'message');
    binary.send(Buffer.from([0xff, 0xfe]), { binary: true });
    const [answer] = (await once(binary, 'message')) as [Buffer];
    expect(JSON.parse(answer.toString())).toMatchObject({ type: 'error', code: 'invalid_json' });
    binary.close();
  });

  it.each(['?', '[a]', ':', '\0', '%00', 'a\r\nSet-Cookie: b', '\u001b[31m', `"'\``, '__proto__', '{tag}', '💬'])(
    'of a user id %j in the path names that user alone',
    async (user) => {
      const client = await connectLive(`${bridge.liveUrl}/${encodeURIComponent(user)}`);
      const snapshot = await client.next('snapshot');
      expect(snapshot.user_id).toBe(user);
      await service.publish(
        keys.live(user),
        JSON.stringify({ type: 'events', user_id: user, events: chatFlow({ userId: user }) }),
      );
      await client.next('events', (frame) => frame.user_id === user);
      await client.close();
    },
  );

  it.each([
    ['%ff', '/ws/flows/%ff', 400],
    ['%', '/ws/flows/%', 400],
    ['of a user with 12,000 characters', `/ws/flows/${'x'.repeat(12_000)}`, 400],
    ['below a user', '/ws/flows/a/b', 404],
    ['above all users', '/ws', 404],
    ['of no service', '/', 404],
  ])('of a path (%s) is refused', async (_what, path, status) => {
    await expect(connectLive(`ws://127.0.0.1:${bridge.port}${path}`)).rejects.toMatchObject({ status });
  });

  it.each(['null', 'http://evil.example', '', 'http://localhost'])('of the origin %j is refused', async (origin) => {
    await expect(connectLive(bridge.liveUrl, { headers: { origin } })).rejects.toMatchObject({ status: 403 });
  });
});
