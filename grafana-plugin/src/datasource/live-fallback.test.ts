import { BehaviorSubject, type Subscription } from 'rxjs';
import { FakeSocket } from '../testing/fake-socket';
import { connectLive, type LiveMessage } from './live-client';

/** A poll that the client sent, and what answers it. */
interface AskedPoll {
  readonly search: URLSearchParams;
  readonly signal: AbortSignal;
  answer(frames?: readonly object[], cursor?: string): Promise<void>;
  fail(status: number, code?: string): Promise<void>;
}

const sockets: FakeSocket[] = [];
let polls: AskedPoll[] = [];
const users = new BehaviorSubject<ReadonlySet<string>>(new Set());
let messages: LiveMessage[] = [];
let subscription: Subscription;

const connection = () => messages.findLast((message) => message.kind === 'connection')?.connection;
const states = () => messages.flatMap((message) => (message.kind === 'connection' ? [message.connection.state] : []));
const frames = () => messages.flatMap((message) => (message.kind === 'frame' ? [message.frame.type] : []));
const lastPoll = (): AskedPoll => polls.at(-1)!;
const lastSocket = (): FakeSocket => sockets.at(-1)!;
/** Lets promises settle. */
const settle = () => jest.advanceTimersByTimeAsync(0);

const hello = { type: 'hello', protocol: 1, instance: 'b1' };
const subscribed = { type: 'subscribed', users: ['123'] };
const snapshot = { type: 'snapshot', user_id: '123', flows: [], checkpoints: [] };

/** The one fake of the poll protocol. */
function askPoll(address: string, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    const reply = async (response: Response): Promise<void> => {
      resolve(response);
      await settle();
    };
    polls.push({
      search: new URL(address).searchParams,
      signal,
      answer(list = [], cursor = `c.${polls.length}`) {
        const records = [{ type: 'poll', cursor, reset: false }, ...list].map(
          (frame) => `\x1e${JSON.stringify(frame)}\n`,
        );
        return reply(new Response(records.join('')));
      },
      fail: (status, code) =>
        reply(new Response(code === undefined ? '' : JSON.stringify({ error: { code, message: 'No' } }), { status })),
    });
  });
}

beforeEach(() => {
  jest.useFakeTimers();
  (globalThis as { WebSocket?: unknown }).WebSocket = FakeSocket;
  sockets.length = 0;
  polls = [];
  messages = [];
  users.next(new Set(['123']));
  subscription = connectLive({
    url: 'ws://host/ws/flows',
    pollUrl: 'http://host/api/v1/live',
    users,
    random: () => 0,
    createSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    request: (address, init) => askPoll(address as string, init!.signal!),
  }).subscribe((message) => messages.push(message));
});

afterEach(() => {
  subscription.unsubscribe();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

/** Goes over to polls, as behind a proxy that upgrades nothing. */
async function goOverHttp(): Promise<void> {
  lastSocket().drop();
  await settle();
  await lastPoll().answer([hello, subscribed, snapshot]);
}

describe('live over HTTP', () => {
  it('is what it turns to when the WebSocket is refused and the bridge answers', async () => {
    await goOverHttp();
    expect(connection()).toEqual({ state: 'live', reason: null, overHttp: 'refused' });
    expect(frames()).toEqual(['hello', 'subscribed', 'snapshot']);
    await jest.advanceTimersByTimeAsync(100);
    expect([lastPoll().search.get('after'), lastPoll().search.getAll('user')]).toEqual(['c.1', ['123']]);
    await lastPoll().answer([{ type: 'events', user_id: '123', events: [] }]);
    expect(frames().at(-1)).toBe('events');
  });

  it('is what it turns to within 5 s when nothing comes over the WebSocket', async () => {
    lastSocket().open();
    await jest.advanceTimersByTimeAsync(4_000);
    expect(polls).toHaveLength(1);
    await lastPoll().answer([hello, subscribed, snapshot]);
    expect(connection()).toEqual({ state: 'live', reason: null, overHttp: 'silent' });
    expect(sockets[0]?.closed).toBe(true);
  });

  it('is awaited with a word of what to look at when nothing comes at all', async () => {
    await jest.advanceTimersByTimeAsync(3_000);
    expect(connection()).toEqual({ state: 'connecting', reason: null });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(connection()).toEqual({
      state: 'connecting',
      reason: expect.stringMatching(/^The bridge does not answer\. Check/),
    });
  });

  it('is not used while the WebSocket works, nor when that breaks and comes back', async () => {
    lastSocket().open();
    lastSocket().say(hello);
    lastSocket().say(subscribed);
    lastSocket().drop();
    await jest.advanceTimersByTimeAsync(500);
    lastSocket().open();
    lastSocket().say(hello);
    lastSocket().say(subscribed);
    expect(polls).toEqual([]);
    expect(states()).toEqual(['connecting', 'live', 'reconnecting', 'live']);
  });

  it('says why neither works, and tries on', async () => {
    lastSocket().drop();
    await settle();
    await lastPoll().fail(502);
    expect(connection()).toMatchObject({
      state: 'reconnecting',
      reason: expect.stringMatching(/^The bridge does not/),
    });
    await jest.advanceTimersByTimeAsync(250);
    expect(sockets).toHaveLength(2);
    lastSocket().drop();
    await settle();
    await lastPoll().fail(404, 'not_found');
    expect(connection()?.reason).toMatch(/Update the bridge/);
  });

  it('asks for several users in one poll, and again when they change', async () => {
    await goOverHttp();
    await jest.advanceTimersByTimeAsync(100);
    const held = lastPoll();
    users.next(new Set(['123', '456']));
    users.next(new Set(['123', '456', '789']));
    await jest.advanceTimersByTimeAsync(120);
    expect(held.signal.aborted).toBe(true);
    expect([polls.length, lastPoll().search.getAll('user'), lastPoll().search.get('after')]).toEqual([
      3,
      ['123', '456', '789'],
      'c.1',
    ]);
    expect(connection()?.state).toBe('live');
  });

  it('asks for no more users than an address holds, and says so', async () => {
    await goOverHttp();
    users.next(new Set(Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(200, 'x'))));
    await jest.advanceTimersByTimeAsync(120);
    expect(lastPoll().search.toString().length).toBeLessThan(8_000);
    expect(messages.findLast((message) => message.kind === 'frame')).toMatchObject({
      frame: { code: 'too_many_subscriptions', message: expect.stringMatching(/^This page wants 100 users live/) },
    });
  });

  it('is stale within 5 s when the bridge is silent, and comes back from where it was', async () => {
    await goOverHttp();
    const heardTs = Date.now();
    await jest.advanceTimersByTimeAsync(4_600);
    expect(connection()).toEqual({
      state: 'stale',
      reason: 'The bridge does not answer.',
      heardTs,
      overHttp: 'refused',
    });
    await jest.advanceTimersByTimeAsync(2_000);
    expect(connection()?.state).toBe('reconnecting');
    await jest.advanceTimersByTimeAsync(500);
    expect(lastPoll().search.get('after')).toBe('c.1');
    await lastPoll().answer();
    expect(connection()).toEqual({ state: 'live', reason: null, overHttp: 'refused' });
  });

  it('goes back to the WebSocket when that comes through, a minute later, and lets both overlap', async () => {
    await goOverHttp();
    const answering = setInterval(() => void lastPoll().answer([]), 1_000);
    await jest.advanceTimersByTimeAsync(59_000);
    expect(sockets).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1_100);
    expect(sockets).toHaveLength(2);
    lastSocket().drop();
    await jest.advanceTimersByTimeAsync(119_000);
    expect([sockets.length, connection()?.overHttp]).toEqual([2, 'refused']);
    await jest.advanceTimersByTimeAsync(1_100);
    expect(sockets).toHaveLength(3);
    lastSocket().open();
    lastSocket().say(hello);
    lastSocket().say(subscribed);
    expect(connection()).toEqual({ state: 'live', reason: null });
    const before = polls.length;
    await jest.advanceTimersByTimeAsync(2_000);
    lastSocket().say(snapshot);
    expect(polls.length).toBeGreaterThan(before);
    await jest.advanceTimersByTimeAsync(1_000);
    clearInterval(answering);
    lastSocket().say({ type: 'pong' });
    await jest.advanceTimersByTimeAsync(2_100);
    lastSocket().say({ type: 'pong' });
    expect(lastPoll().signal.aborted).toBe(true);
    expect(states().filter((state) => state !== 'live')).toEqual(['connecting', 'reconnecting']);
  });

  it('asks nothing while nobody sees the page, and at once when someone does', async () => {
    const page = Object.assign(new EventTarget(), { hidden: false });
    Object.assign(globalThis, { document: page });
    try {
      await goOverHttp();
      await jest.advanceTimersByTimeAsync(100);
      page.hidden = true;
      await lastPoll().answer();
      await jest.advanceTimersByTimeAsync(30_000);
      expect([polls.length, connection()?.state]).toEqual([2, 'live']);
      page.hidden = false;
      page.dispatchEvent(new Event('visibilitychange'));
      await settle();
      expect([polls.length, lastPoll().search.get('after')]).toEqual([3, 'c.2']);
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
    }
  });

  it('stops, with the reason, when the bridge speaks another protocol', async () => {
    lastSocket().drop();
    await settle();
    await lastPoll().answer([{ ...hello, protocol: 2 }]);
    expect(connection()).toMatchObject({ state: 'offline', reason: expect.stringMatching(/Update the plugin/) });
    await jest.advanceTimersByTimeAsync(120_000);
    expect([polls.length, sockets.length]).toEqual([1, 1]);
  });

  it('slows down when the bridge asks for it, and takes no page of a proxy for an answer', async () => {
    await goOverHttp();
    await jest.advanceTimersByTimeAsync(100);
    await lastPoll().fail(429, 'rate_limited');
    await jest.advanceTimersByTimeAsync(900);
    expect(polls).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(200);
    expect([polls.length, connection()?.state]).toEqual([3, 'live']);
    await lastPoll().fail(200, 'login');
    expect(connection()).toMatchObject({
      state: 'reconnecting',
      reason: expect.stringMatching(/^What answers in place/),
    });
  });
});
