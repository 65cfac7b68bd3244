import { redisKeys, type FlowDetail, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { request, startTestBridge } from './support/bridge';
import { freePort } from './support/free-port';
import { times } from './support/length';
import { connectLive, type TestLiveClient } from './support/live-client';
import { startNode, untilHealthy, type TestProcess } from './support/process';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

const MAIN = join(__dirname, '..', 'examples', 'chat-server', 'dist', 'main.js');
/** 300 ms is promised. Beside other tests a machine of two cores keeps a process waiting for longer than that. */
const LIVE_WITHIN_MS = times({ short: 5_000, full: 300 });
const prefix = uniquePrefix();
let redis: Redis;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let chat: TestProcess;
let chatUrl: string;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: { FLOW_PARTITIONS: '4' } });
  const port = await freePort();
  chatUrl = `http://127.0.0.1:${port}`;
  chat = startNode([MAIN], {
    REDIS_URL: redisUrl(),
    FLOW_PREFIX: prefix,
    FLOW_DEMO_PORT: String(port),
    FLOW_DEMO_TRAFFIC: 'off',
  });
  await untilHealthy(chat, `${chatUrl}/healthz`);
});

afterAll(async () => {
  await chat.stop();
  await bridge.stop();
  await redis.del(...(await redis.keys(`${prefix}*`)), `${prefix}:none`);
  await redis.quit();
  await database.drop();
});

const ask = (user: string, message = 'Hello', signal: AbortSignal | null = null) =>
  fetch(`${chatUrl}/api/v1/ask/stream`, {
    method: 'POST',
    headers: { authorization: `Bearer demo-${user}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
    signal,
  });

const eventsOf = (client: TestLiveClient): { at: number; event: FlowEvent }[] =>
  client.received.flatMap(({ at, frame }) =>
    frame.type === 'events' ? frame.events.map((event) => ({ at, event })) : [],
  );

const enable = (user: string) =>
  request(`${bridge.url}/api/v1/monitoring/enable/${user}?ttl_hours=1`, { method: 'POST' });

async function flowsOf(user: string) {
  const { body } = await request(`${bridge.url}/api/v1/flows/user/${user}`);
  return body.flows as { flow_id: string; session_id: string; status: string }[];
}

describe('a monitored chat request', () => {
  it('is seen checkpoint by checkpoint while it runs, then the same from history', async () => {
    await enable('123');
    const client = await connectLive(`${bridge.liveUrl}/123`);
    await client.next('monitoring', (frame) => frame.enabled);
    await client.next('snapshot');

    const answer = await ask('123');
    expect(answer.headers.get('content-type')).toMatch('text/event-stream');
    let finishedAt = Infinity;
    const finished = answer.text().then((text) => {
      finishedAt = Date.now();
      return text;
    });
    await client.next('events', (frame) =>
      frame.events.some((event) => event.type === 'checkpoint' && event.checkpoint === 'llm_thinking'),
    );
    expect(finishedAt).toBe(Infinity);
    expect(await finished).toContain('data:');
    await client.next('events', (frame) => frame.events.some((event) => event.type === 'flow_end'));

    const events = eventsOf(client);
    // Each event is here in time, and nothing is missing or twice.
    for (const { at, event } of events) {
      if (event.type === 'flow_start') continue;
      expect(at - event.ts).toBeLessThan(LIVE_WITHIN_MS);
    }
    expect(events.map(({ event }) => event.seq)).toEqual(events.map((_, i) => i));
    const names = events.flatMap(({ event }) => (event.type === 'checkpoint' ? [event.checkpoint] : []));
    expect(names).toEqual(
      expect.arrayContaining(['auth_check', 'block_check', 'usage_check', 'llm_thinking', 'tool_call', 'llm_complete']),
    );

    const flowId = events[0]?.event.flow_id;
    const { body } = await waitFor('the flow has ended in history', async () => {
      const detail = await request(`${bridge.url}/api/v1/flows/${flowId}`);
      return detail.body.flow?.status === 'ok' && detail;
    });
    expect(body.flow).toMatchObject({ user_id: '123', name: 'POST /api/v1/ask/stream', http_status: 200 });
    expect(body.flow.last_seq).toBe(events.at(-1)?.event.seq);
    const nodes = events.flatMap(({ event }) =>
      event.type === 'checkpoint' ? [[event.node_id, event.parent_id]] : [],
    );
    const recorded = (body as FlowDetail).checkpoints.map((node) => [node.node_id, node.parent_id]);
    expect(recorded).toEqual(nodes);
    const session = await request(`${bridge.url}/api/v1/flows/session/${body.flow.session_id}`);
    expect(session.body.checkpoints).toEqual(body.checkpoints);
    await client.close();
  });

  it('is aborted when the client leaves', async () => {
    const controller = new AbortController();
    const answer = await ask('leaver', 'Hello', controller.signal);
    await answer.body?.getReader().read();
    controller.abort();
    await waitFor('the flow is aborted', async () => (await flowsOf('leaver'))[0]?.status === 'aborted');
  });
});

describe('a request of a user without monitoring', () => {
  it('publishes nothing, and is in history', async () => {
    // Every channel of this prefix; the bridge itself subscribes only to users that someone watches.
    const eavesdropper = new Redis(redisUrl());
    const published: string[] = [];
    eavesdropper.on('pmessage', (_pattern, channel) => published.push(String(channel)));
    await eavesdropper.psubscribe(`${redisKeys(prefix).live('')}*`);
    try {
      await (await ask('quiet')).text();
      await waitFor('the flow is in history', async () => (await flowsOf('quiet'))[0]?.status === 'ok');
      expect(published).toEqual([]);
      // The same listener does hear a monitored user, so its silence above means something.
      await enable('loud');
      await waitFor('a monitored flow is heard', async () => {
        await (await ask('loud')).text();
        return published.length > 0;
      });
      expect(new Set(published)).toEqual(new Set([redisKeys(prefix).live('loud')]));
    } finally {
      eavesdropper.disconnect();
    }
  });
});

describe('a refused request', () => {
  it.each([
    ['blocked', 403],
    ['broke', 429],
  ])('of user %s is answered with %i and its flow is kept', async (user, status) => {
    const answer = await ask(user);
    await answer.text();
    expect(answer.status).toBe(status);
    await waitFor('the flow is in history', async () => (await flowsOf(user)).length > 0);
  });
});
