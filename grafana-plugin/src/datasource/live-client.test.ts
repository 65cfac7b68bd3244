import { BehaviorSubject, type Subscription } from 'rxjs';
import { backOffMs, upgradeBackOffMs } from './back-off';
import { connectLive, type LiveMessage } from './live-client';
import { FakeSocket } from '../testing/fake-socket';

const sockets: FakeSocket[] = [];
const last = (): FakeSocket => sockets.at(-1)!;
const users = new BehaviorSubject<ReadonlySet<string>>(new Set());
let messages: LiveMessage[] = [];
let subscription: Subscription;
/** What polls are answered; none is held. */
let answerPoll: () => Promise<Response>;
let polls = 0;

const bridgeAway = () => Promise.resolve(new Response('', { status: 502 }));

const states = () => messages.flatMap((message) => (message.kind === 'connection' ? [message.connection.state] : []));
const connection = () => messages.findLast((message) => message.kind === 'connection')?.connection;

const errors = () =>
  messages.flatMap((message) =>
    message.kind === 'frame' && message.frame.type === 'error' ? [message.frame.code] : [],
  );
const sentUsers = (type: string) =>
  last()
    .sent.map((frame) => frame as { type: string; users: string[] })
    .flatMap((frame) => (frame.type === type ? frame.users : []));

function live(): void {
  last().open();
  last().say({ type: 'hello', protocol: 1, instance: 'b1' });
  last().say({ type: 'subscribed', users: ['123'] });
}

beforeEach(() => {
  jest.useFakeTimers();
  (globalThis as { WebSocket?: unknown }).WebSocket = FakeSocket;
  sockets.length = 0;
  messages = [];
  polls = 0;
  answerPoll = bridgeAway;
  users.next(new Set(['123']));
  subscription = connectLive({
    url: 'ws://host/ws/flows',
    users,
    pollUrl: 'http://host/api/v1/live',
    request: () => {
      polls += 1;
      return answerPoll();
    },
    random: () => 1,
    createSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  }).subscribe((message) => messages.push(message));
});

afterEach(() => {
  subscription.unsubscribe();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('connectLive', () => {
  it('subscribes when the socket opens, and is live once the bridge says so', () => {
    expect(states()).toEqual(['connecting']);
    live();
    expect(last().sent).toEqual([{ type: 'subscribe', users: ['123'] }]);
    expect(states()).toEqual(['connecting', 'live']);
  });

  it('tells the bridge which users come and go', () => {
    live();
    users.next(new Set(['123', '456']));
    users.next(new Set(['456']));
    expect(last().sent.slice(1)).toEqual([
      { type: 'subscribe', users: ['456'] },
      { type: 'unsubscribe', users: ['123'] },
    ]);
  });

  it('reconnects with back-off and subscribes again', () => {
    live();
    last().drop('The bridge is stopping');
    expect(connection()).toMatchObject({ state: 'reconnecting', reason: 'The bridge is stopping' });
    jest.advanceTimersByTime(499);
    expect(sockets).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(sockets).toHaveLength(2);
    live();
    expect(last().sent).toEqual([{ type: 'subscribe', users: ['123'] }]);
    expect(states()).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  });

  it('says offline and why after some failures, and goes on trying', async () => {
    for (let i = 0; i < 6; i++) {
      last().drop();
      await jest.advanceTimersByTimeAsync(15_000);
    }
    expect(connection()).toEqual({
      state: 'offline',
      reason: expect.stringMatching(/^The bridge does not answer. Check/),
    });
    expect(polls).toBeGreaterThanOrEqual(6);
    expect(sockets.length).toBeGreaterThanOrEqual(7);
    live();
    expect(connection()).toEqual({ state: 'live', reason: null });
  });

  const snapshot = { type: 'snapshot', user_id: '123', flows: [], checkpoints: [] };

  it('pings a silent connection, and is live as long as it answers', () => {
    live();
    last().say(snapshot);
    for (let i = 0; i < 20; i++) {
      jest.advanceTimersByTime(2_000);
      expect(last().sent.at(-1)).toEqual({ type: 'ping' });
      last().say({ type: 'pong' });
    }
    expect(sockets).toHaveLength(1);
    expect(states()).toEqual(['connecting', 'live']);
  });

  it('says within 5 s that a bridge is silent, since when, and connects anew', () => {
    live();
    last().say(snapshot);
    const heardTs = Date.now();
    jest.advanceTimersByTime(3_500);
    expect(connection()).toEqual({ state: 'stale', reason: 'The bridge does not answer.', heardTs });
    jest.advanceTimersByTime(1_500);
    expect(sockets[0]?.closed).toBe(true);
    expect(connection()).toEqual({ state: 'reconnecting', reason: 'The bridge does not answer.', heardTs });
    jest.advanceTimersByTime(500);
    expect(sockets).toHaveLength(2);
    live();
    expect(states()).toEqual(['connecting', 'live', 'stale', 'reconnecting', 'live']);
  });

  it('is live again when a stale connection speaks', () => {
    live();
    last().say(snapshot);
    jest.advanceTimersByTime(3_500);
    last().say({ type: 'pong' });
    expect(connection()).toEqual({ state: 'live', reason: null });
    expect(sockets).toHaveLength(1);
  });

  it('waits longer while a snapshot is under way, and after it gave up', () => {
    live();
    jest.advanceTimersByTime(10_000);
    expect(sockets).toHaveLength(1);
    expect(connection()?.state).toBe('stale');
    last().say(snapshot);
    jest.advanceTimersByTime(5_500);
    expect(sockets).toHaveLength(2);
    live();
    last().say(snapshot);
    jest.advanceTimersByTime(10_000);
    expect(sockets).toHaveLength(2);
    expect(connection()?.state).toBe('stale');
  });

  it('ignores garbage, frames of a newer bridge and bad events', () => {
    live();
    for (const text of ['{', '[]', '{"type":"new_thing"}', '{"type":"monitoring"}', 'null']) last().say(text);
    last().say({ type: 'events', user_id: '123', events: [{ type: 'x' }, null] });
    const frames = messages.flatMap((message) => (message.kind === 'frame' ? [message.frame.type] : []));
    expect(frames).toEqual(['hello', 'subscribed', 'events']);
    expect(connection()?.state).toBe('live');
  });

  it.each([
    [0, /version 0 .* the bridge is older\. Update the bridge\. Then reload/],
    [2, /version 2 .* the bridge is newer\. Update the plugin\. Then reload/],
  ])('stops when the bridge speaks protocol %d, and says which of the two to update', (protocol, reason) => {
    last().open();
    last().say({ type: 'hello', protocol, instance: 'b1' });
    expect(connection()).toMatchObject({ state: 'offline', reason: expect.stringMatching(reason) });
    jest.advanceTimersByTime(120_000);
    expect(sockets).toHaveLength(1);
  });

  it('says offline with the code and the message when the bridge refuses to subscribe, and passes the error on', () => {
    last().open();
    last().say({ type: 'hello', protocol: 1, instance: 'b1' });
    last().say({ type: 'error', code: 'too_many_subscriptions', message: 'At most 128 users a client' });
    expect(connection()).toMatchObject({
      state: 'offline',
      reason: 'At most 128 users a client (too_many_subscriptions)',
    });
    expect(errors()).toEqual(['too_many_subscriptions']);
    users.next(new Set(['123', '456']));
    expect(last().sent.at(-1)).toEqual({ type: 'subscribe', users: ['123', '456'] });
    last().say({ type: 'subscribed', users: ['123', '456'] });
    expect(connection()).toEqual({ state: 'live', reason: null });
  });

  it('stays live when the bridge reports an error later', () => {
    live();
    last().say({ type: 'error', code: 'internal', message: 'Watching "456" failed' });
    expect(connection()?.state).toBe('live');
    expect(errors()).toEqual(['internal']);
  });

  it('asks again for a user whom it let go, whatever error came meanwhile', () => {
    live();
    users.next(new Set(['123', '456']));
    last().say({ type: 'subscribed', users: ['123', '456'] });
    users.next(new Set(['456']));
    last().say({ type: 'error', code: 'internal', message: 'Watching "789" failed' });
    users.next(new Set(['123', '456']));
    expect(sentUsers('subscribe')).toEqual(['123', '456', '123']);
  });

  it('asks for no more users than the bridge gives, says so, and fills a place that becomes free', () => {
    live();
    const many = Array.from({ length: 130 }, (_, i) => `u${i}`);
    users.next(new Set(['123', ...many]));
    const asked = sentUsers('subscribe');
    expect(asked).toHaveLength(128);
    expect(new Set(asked)).toEqual(new Set(['123', ...many.slice(0, 127)]));
    for (const frame of last().sent) expect(JSON.stringify(frame).length).toBeLessThan(64 * 1024);
    expect(errors()).toEqual(['too_many_subscriptions']);
    users.next(new Set(many.slice(1)));
    expect(sentUsers('unsubscribe')).toEqual(['123', 'u0']);
    expect(sentUsers('subscribe').slice(128)).toEqual(['u127', 'u128']);
  });

  it('closes the socket when nobody watches any more', () => {
    live();
    subscription.unsubscribe();
    expect(last().closed).toBe(true);
    last().drop();
    jest.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
  });
});

describe('backOffMs', () => {
  it('doubles up to 15 s, half of it random', () => {
    expect([0, 1, 4, 5, 60].map((attempt) => backOffMs(attempt, () => 1))).toEqual([500, 1_000, 8_000, 15_000, 15_000]);
    expect(backOffMs(1, () => 0)).toBe(500);
  });
});

describe('upgradeBackOffMs', () => {
  it('is at least a minute, and at most five and a half', () => {
    expect([0, 1, 2, 3, 60].map((attempt) => upgradeBackOffMs(attempt, () => 0))).toEqual([
      60_000, 120_000, 240_000, 300_000, 300_000,
    ]);
    expect(upgradeBackOffMs(9, () => 1)).toBe(330_000);
  });
});
