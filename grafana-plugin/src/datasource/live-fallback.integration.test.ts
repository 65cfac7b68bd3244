import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { BehaviorSubject } from 'rxjs';
import { WebSocket } from 'ws';
import { startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow } from '../../../test/support/flow-events';
import { startNginx, type TestNginx } from '../../../test/support/nginx';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';
import { connectLive, type LiveMessage } from './live-client';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let redis: Redis;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let nginx: TestNginx;

/** As a browser's, which throws nothing when it is refused. */
class QuietWebSocket extends WebSocket {
  constructor(url: string) {
    super(url);
    this.on('error', () => undefined);
  }
}

const startBridge = (port = '0') =>
  startTestBridge({ databaseUrl: database.url, prefix, env: { FLOW_BRIDGE_PORT: port } });

beforeAll(async () => {
  Object.assign(globalThis, { WebSocket: QuietWebSocket });
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  bridge = await startBridge();
  nginx = await startNginx(bridge.port);
});

afterAll(async () => {
  await nginx.stop();
  await bridge.stop();
  await redis.del(...(await redis.keys(`${prefix}*`)), `${prefix}:none`);
  await redis.quit();
  await database.drop();
});

describe('the live client, behind an nginx that upgrades nothing of ours', () => {
  it('is live over HTTP, tells within 5 s that the bridge is away, and misses nothing of what happened meanwhile', async () => {
    const messages: LiveMessage[] = [];
    const connection = () => messages.findLast((message) => message.kind === 'connection')?.connection;
    const flowIds = () =>
      messages.flatMap((message) => {
        if (message.kind !== 'frame') return [];
        if (message.frame.type === 'snapshot') return message.frame.flows.map((flow) => flow.flow_id);
        return message.frame.type === 'events' ? message.frame.events.map((event) => event.flow_id) : [];
      });
    const startedMs = performance.now();
    const subscription = connectLive({
      url: `ws://127.0.0.1:${nginx.port}/ws/flows`,
      pollUrl: `${nginx.url}/api/v1/live`,
      users: new BehaviorSubject<ReadonlySet<string>>(new Set(['ann', 'bob'])),
    }).subscribe((message) => messages.push(message));
    try {
      await waitFor('it is live', () => connection()?.state === 'live');
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      expect(connection()).toEqual({ state: 'live', reason: null, overHttp: 'refused' });

      for (const user of ['ann', 'bob', 'ann']) {
        const events = chatFlow({ userId: user }).slice(0, 2);
        const publishedMs = performance.now();
        await redis.publish(keys.live(user), JSON.stringify({ type: 'events', user_id: user, events }));
        await waitFor('it is seen', () => flowIds().includes(events[0]!.flow_id));
        expect(performance.now() - publishedMs).toBeLessThan(2_000);
      }

      const { port } = bridge;
      await bridge.stop();
      const stoppedMs = performance.now();
      await waitFor('it says so', () => connection()?.state !== 'live');
      expect(performance.now() - stoppedMs).toBeLessThan(5_000);
      const missed = chatFlow({ userId: 'bob' });
      await addEvents(redis, keys, missed);
      bridge = await startBridge(String(port));
      await waitFor('it is live again', () => connection()?.state === 'live', 20_000);
      await waitFor('what was missed is there', () => flowIds().includes(missed[0]!.flow_id), 20_000);
    } finally {
      subscription.unsubscribe();
    }
  }, 60_000);
});
