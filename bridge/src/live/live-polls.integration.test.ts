import { redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { request, startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow } from '../../../test/support/flow-events';
import { pollOnce, pollUrl } from '../../../test/support/poll-client';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';

type TestBridge = Awaited<ReturnType<typeof startTestBridge>>;

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let redis: Redis;
let database: TestDatabase;
let bridge: TestBridge;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix });
});

afterAll(async () => {
  await bridge.stop();
  await redis.del(...(await redis.keys(`${prefix}*`)), `${prefix}:none`);
  await redis.quit();
  await database.drop();
});

/** Publishes events as a middleware would; returns the frame's text. */
async function publish(userId: string, events: readonly FlowEvent[]): Promise<string> {
  const text = JSON.stringify({ type: 'events', user_id: userId, events });
  await redis.publish(keys.live(userId), text);
  return text;
}

const typesOf = (answer: Awaited<ReturnType<typeof pollOnce>>) => answer.frames.map(({ type }) => type);
const subscribers = async (userId: string) => Number((await redis.pubsub('NUMSUB', keys.live(userId)))[1]);
const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${bridge.url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
};

describe('a poll', () => {
  it('gives what a WebSocket gives first, then the very bytes as they are published', async () => {
    const past = chatFlow({ userId: '123' });
    await addEvents(redis, keys, past);
    await waitFor('the flow is in history', async () => {
      const { body } = await request(`${bridge.url}/api/v1/flows/user/123`);
      return body.flows.length === 1;
    });
    const first = await pollOnce(bridge.url, { user: '123' });
    expect(first.reset).toBe(false);
    expect(typesOf(first)).toEqual(['hello', 'subscribed', 'monitoring', 'snapshot']);
    expect(first.frames[3]).toMatchObject({ flows: [{ flow_id: past[0]?.flow_id, status: 'ok' }] });
    expect(first.response.headers.get('cache-control')).toBe('no-store');
    expect(first.response.headers.get('content-length')).not.toBeNull();

    const held = pollOnce(bridge.url, { user: '123', after: first.cursor });
    // Bytes that the bridge would write otherwise: it does not parse them.
    const odd = ' {"type":"events",\n"user_id":"123", "events":[]} ';
    await redis.publish(keys.live('123'), odd);
    expect((await held).texts).toEqual([odd]);
    const text = await publish('123', chatFlow({ userId: '123' }).slice(0, 4));
    const next = await pollOnce(bridge.url, { user: '123', after: (await held).cursor });
    expect(next.texts).toEqual([text]);
  });

  it('is held while nothing happens, then answered with none', async () => {
    const { cursor } = await pollOnce(bridge.url, { user: 'quiet' });
    const answer = await pollOnce(bridge.url, { user: 'quiet', after: cursor, wait_ms: 300 });
    expect([answer.frames, answer.reset, answer.cursor]).toEqual([[], false, cursor]);
    expect(answer.tookMs).toBeGreaterThan(290);
  });

  it('gives again what was lost on the way, and nothing twice that was not', async () => {
    const { cursor } = await pollOnce(bridge.url, { user: 'lossy' });
    const texts = [await publish('lossy', chatFlow().slice(0, 1)), await publish('lossy', chatFlow().slice(0, 1))];
    let lost = await pollOnce(bridge.url, { user: 'lossy', after: cursor });
    if (lost.texts.length < 2) lost = await pollOnce(bridge.url, { user: 'lossy', after: cursor });
    expect(lost.texts).toEqual(texts);
    const again = await pollOnce(bridge.url, { user: 'lossy', after: cursor });
    expect(again.texts).toEqual(texts);
    const after = await pollOnce(bridge.url, { user: 'lossy', after: again.cursor, wait_ms: 0 });
    expect(after.texts).toEqual([]);
  });

  it('watches whom it names, from one poll to the next, and subscribes in Redis only to them', async () => {
    const first = await pollOnce(bridge.url, { user: ['ann', 'bob'] });
    expect([await subscribers('ann'), await subscribers('bob')]).toEqual([1, 1]);
    const second = await pollOnce(bridge.url, { user: ['bob', 'cy'], after: first.cursor });
    expect(second.frames[0]).toEqual({ type: 'subscribed', users: ['bob', 'cy'] });
    await waitFor('ann is let go of', async () => (await subscribers('ann')) === 0);
    expect(await subscribers('cy')).toBe(1);
  });

  it('follows every monitored user for "*"', async () => {
    await request(`${bridge.url}/api/v1/monitoring/enable/star?ttl_hours=1`, { method: 'POST' });
    const first = await pollOnce(bridge.url, { user: '*' });
    expect(first.frames.find(({ type }) => type === 'snapshot')).toMatchObject({ user_id: 'star' });
    const held = pollOnce(bridge.url, { user: '*', after: first.cursor });
    const text = await publish('star', chatFlow({ userId: 'star' }));
    expect((await held).texts).toEqual([text]);
    await request(`${bridge.url}/api/v1/monitoring/disable/star`, { method: 'POST' });
  });

  it('takes the place of another one of the same client', async () => {
    const { cursor } = await pollOnce(bridge.url, { user: 'twice' });
    const both = [1, 2].map(() => pollOnce(bridge.url, { user: 'twice', after: cursor }));
    // Whichever came first is ended by the other, which is held.
    const ended = await Promise.race(both);
    expect(ended.frames).toEqual([]);
    expect(ended.tookMs).toBeLessThan(10_000);
    const text = await publish('twice', chatFlow().slice(0, 1));
    const answers = await Promise.all(both);
    expect(answers.flatMap(({ texts }) => texts)).toEqual([text]);
  });

  it('counts as a live client', async () => {
    const [pollers, viewers] = [await metric('flow_bridge_live_pollers'), await metric('flow_bridge_live_viewers')];
    await pollOnce(bridge.url, { user: 'counted' });
    expect(await metric('flow_bridge_live_pollers')).toBe(pollers + 1);
    expect(await metric('flow_bridge_live_viewers')).toBe(viewers + 1);
  });
});

describe('a cursor that the bridge does not know', () => {
  it.each(['rubbish', '', '~~~', 'abcdefghij00.7', `${'x'.repeat(8_000)}`, "'; DROP TABLE", '%00', '💥'])(
    'is answered by a snapshot, with the mark: %.20j',
    async (after) => {
      const answer = await pollOnce(bridge.url, { user: '123', after });
      expect(answer.reset).toBe(true);
      expect(typesOf(answer)).toEqual(['hello', 'subscribed', 'monitoring', 'snapshot']);
      expect(answer.cursor.length).toBeLessThan(255);
    },
  );

  it('is one that names a place which the client can not have reached', async () => {
    const { cursor } = await pollOnce(bridge.url, { user: '123' });
    const answer = await pollOnce(bridge.url, { user: '123', after: cursor.replace(/\d+$/, '999') });
    expect(answer.reset).toBe(true);
  });

  it('is one that fell behind what is kept', async () => {
    const { cursor } = await pollOnce(bridge.url, { user: 'slow' });
    const [event] = chatFlow({ userId: 'slow' });
    const large = { ...event!, attributes: { text: 'x'.repeat(300_000) } };
    for (let i = 0; i < 5; i++) await publish('slow', [large]);
    await waitFor('it is let go of', async () => (await subscribers('slow')) === 0);
    expect(await metric('flow_bridge_live_cut_offs_total\\{cause="too_slow"\\}')).toBeGreaterThan(0);
    const answer = await pollOnce(bridge.url, { user: 'slow', after: cursor });
    expect(answer.reset).toBe(true);
    expect(typesOf(answer)).toContain('snapshot');
  });

  it('is one of a bridge that was started again', async () => {
    let other = await startTestBridge({ databaseUrl: database.url, prefix });
    const { cursor } = await pollOnce(other.url, { user: 'restart' });
    const missed = chatFlow({ userId: 'restart' });
    await other.stop();
    await addEvents(redis, keys, missed);
    await waitFor('it is in history', async () => {
      const { body } = await request(`${bridge.url}/api/v1/flows/user/restart`);
      return body.flows[0]?.status === 'ok';
    });
    other = await startTestBridge({ databaseUrl: database.url, prefix });
    try {
      const answer = await pollOnce(other.url, { user: 'restart', after: cursor });
      expect(answer.reset).toBe(true);
      expect(answer.frames.find(({ type }) => type === 'snapshot')).toMatchObject({
        flows: [{ flow_id: missed[0]?.flow_id }],
      });
    } finally {
      await other.stop();
    }
  });
});

describe('two bridges behind a balancer', () => {
  it('give a snapshot each, and after that all that happens, whichever is asked', async () => {
    const other = await startTestBridge({ databaseUrl: database.url, prefix });
    try {
      const first = await pollOnce(bridge.url, { user: 'two' });
      const second = await pollOnce(other.url, { user: 'two', after: first.cursor });
      expect([first.reset, second.reset]).toEqual([false, true]);
      expect(typesOf(second)).toContain('snapshot');
      let { cursor } = second;
      const published: string[] = [];
      const seen = new Set<string>();
      for (let i = 0; i < 6; i++) {
        published.push(await publish('two', chatFlow({ userId: 'two' }).slice(0, 1)));
        const answer = await pollOnce([bridge, other][i % 2]!.url, { user: 'two', after: cursor });
        expect([i, answer.reset]).toEqual([i, false]);
        for (const text of answer.texts) seen.add(text);
        cursor = answer.cursor;
      }
      expect(published.filter((text) => !seen.has(text))).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});

describe('a bridge that stops', () => {
  it('answers the polls that it holds at once', async () => {
    const other = await startTestBridge({ databaseUrl: database.url, prefix });
    const { cursor } = await pollOnce(other.url, { user: 'stop' });
    const both = [1, 2].map(() => pollOnce(other.url, { user: 'stop', after: cursor }));
    // One has ended the other, so it is held.
    await Promise.race(both);
    const startedMs = performance.now();
    const [answers] = await Promise.all([Promise.all(both), other.stop()]);
    expect(answers.flatMap(({ frames }) => frames)).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(2_500);
  });
});

describe('hostile polls', () => {
  const refusal = async (url: string): Promise<[number, string]> => {
    const { status, body } = await request(url);
    return [status, String(body.error.code)];
  };

  it('are refused with a code that says what is wrong', async () => {
    const many = Array.from({ length: 1_000 }, (_, i) => `u${i}`);
    expect(await refusal(pollUrl(bridge.url, { user: many }))).toEqual([400, 'too_many_subscriptions']);
    for (const query of [
      '',
      'user=',
      `user=${'x'.repeat(256)}`,
      'user=a%00',
      'user=a&user=',
      'user=a&wait_ms=999999999',
      'user=a&wait_ms=-1',
      'user=a&wait_ms=1.5',
      'user=a&wait_ms=',
      'user=a&wait_ms=1&wait_ms=2',
      'user=a&after=x&after=y',
      'user=a&other=1',
    ]) {
      expect([query, ...(await refusal(`${bridge.url}/api/v1/live?${query}`))]).toEqual([
        query,
        400,
        'invalid_request',
      ]);
    }
    const tooLong = await fetch(pollUrl(bridge.url, { user: 'a', after: 'x'.repeat(20_000) }));
    expect(tooLong.status).toBe(431);
  });

  it('take 128 users, and ids of any characters', async () => {
    const many = Array.from({ length: 127 }, (_, i) => `u${i}`);
    const odd = '#h?x&y=1 a/b💥';
    const first = await pollOnce(bridge.url, { user: [...many, odd] });
    const held = pollOnce(bridge.url, { user: [...many, odd], after: first.cursor });
    const text = await publish(odd, chatFlow({ userId: odd }).slice(0, 2));
    let answer = await held;
    while (!answer.texts.includes(text)) {
      answer = await pollOnce(bridge.url, { user: [...many, odd], after: answer.cursor });
    }
    expect(answer.reset).toBe(false);
  });

  it('are slowed down when they change their users without pause', async () => {
    let after = '';
    let status = 200;
    for (let i = 0; i < 20 && status === 200; i++) {
      const user = Array.from({ length: 100 }, (_, n) => `change-${i}-${n}`);
      const response = await fetch(pollUrl(bridge.url, { user, after, wait_ms: 0 }));
      ({ status } = response);
      const text = await response.text();
      after = /"cursor":"([^"]+)"/.exec(text)?.[1] ?? after;
      if (status === 429) expect(JSON.parse(text)).toMatchObject({ error: { code: 'rate_limited' } });
    }
    expect(status).toBe(429);
  });

  it('leave nothing behind when they break off', async () => {
    const { cursor } = await pollOnce(bridge.url, { user: 'broken' });
    const leaving = new AbortController();
    const held = pollOnce(bridge.url, { user: 'broken', after: cursor }, leaving.signal);
    leaving.abort();
    await expect(held).rejects.toThrow();
    const text = await publish('broken', chatFlow().slice(0, 1));
    expect((await pollOnce(bridge.url, { user: 'broken', after: cursor })).texts).toEqual([text]);
  });

  it('answer HEAD without a poller', async () => {
    const pollers = await metric('flow_bridge_live_pollers');
    const response = await fetch(pollUrl(bridge.url, { user: 'head' }), { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json-seq']);
    expect(await metric('flow_bridge_live_pollers')).toBe(pollers);
  });
});
