import { redisKeys, type MonitoringGrant, type ServerFrame } from '@flow-tracking/protocol';
import { createWrittenUntil } from '../ingest/written-until';
import { createLiveHub } from './live-hub';
import type { Snapshot } from './snapshot-loader';
import type { Viewer } from './viewer';

const keys = redisKeys('hub');

/** What a viewer got, in order: a frame's type, `snapshot <n>` or the text of a live frame. */
function createViewer(): Viewer & { got: string[] } {
  const got: string[] = [];
  return {
    got,
    send: (frame: ServerFrame) => got.push(frame.type),
    relay: (bytes) => got.push(bytes.toString()),
    show: (snapshot, backlog) => got.push(...[snapshot, ...backlog].map(String)),
    isReady: () => true,
  };
}

const snapshotOf = (text: string, isKnown: boolean): Snapshot => ({ bytes: Buffer.from(text), digest: text, isKnown });

function setUp() {
  const subscribed = new Map<string, number>();
  const count = (channel: string, by: number): Promise<void> => {
    subscribed.set(channel, (subscribed.get(channel) ?? 0) + by);
    return Promise.resolve();
  };
  const waiting: ((snapshot: Snapshot) => void)[] = [];
  const grants = new Map<string, MonitoringGrant>();
  let loads = 0;
  const encode = jest.fn((message: Buffer) => message);
  const writtenUntil = createWrittenUntil();
  const hub = createLiveHub({
    keys,
    writtenUntil,
    subscriber: { subscribe: (channel) => count(channel, 1), unsubscribe: (channel) => count(channel, -1) },
    monitoring: { get: (userId) => grants.get(userId), users: () => [...grants.keys()] },
    snapshots: { load: () => new Promise((resolve) => waiting.push(resolve)), wake: () => undefined },
    encode,
  });
  return {
    hub,
    encode,
    writtenUntil,
    grants,
    waiting,
    /** Answers all loads that wait. */
    answer: (isKnown = true): void => {
      for (const resolve of waiting.splice(0)) resolve(snapshotOf(`snapshot ${++loads}`, isKnown));
    },
    publish: (userId: string, text: string) => hub.onMessage(keys.live(userId), Buffer.from(text)),
    /** Channels that are subscribed to now. */
    subscriptions: () => [...subscribed].flatMap(([channel, balance]) => (balance > 0 ? [channel] : [])),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the live hub', () => {
  it('sends the snapshot first, then what came meanwhile, then what comes, each once', async () => {
    const { hub, publish, answer } = setUp();
    const viewer = createViewer();
    void hub.watch(viewer, 'ann');
    await turn();
    publish('ann', 'a');
    publish('ann', 'b');
    expect(viewer.got).toEqual(['monitoring']);
    answer();
    await turn();
    publish('ann', 'c');
    expect(viewer.got).toEqual(['monitoring', 'snapshot 1', 'a', 'b', 'c']);
    hub.stop();
  });

  it('encodes a message once for all viewers, and gives all the same bytes', async () => {
    const { hub, publish, answer, encode } = setUp();
    const viewers = Array.from({ length: 10 }, createViewer);
    for (const viewer of viewers) void hub.watch(viewer, 'ann');
    await turn();
    answer();
    await turn();
    publish('ann', 'a');
    expect(encode).toHaveBeenCalledTimes(1);
    expect(viewers.map(({ got }) => got.at(-1))).toEqual(viewers.map(() => 'a'));
    hub.stop();
  });

  it('sends the snapshot again after a gap, to those concerned, and holds what comes until then', async () => {
    const { hub, publish, answer } = setUp();
    const [ann, bob] = [createViewer(), createViewer()];
    void hub.watch(ann, 'ann');
    void hub.watch(bob, 'bob');
    await turn();
    answer();
    await turn();
    hub.onGap([keys.live('ann'), keys.live('nobody')]);
    publish('ann', 'a');
    publish('bob', 'b');
    await turn();
    answer();
    await turn();
    expect(ann.got).toEqual(['monitoring', 'snapshot 1', 'snapshot 3', 'a']);
    expect(bob.got).toEqual(['monitoring', 'snapshot 2', 'b']);
    expect(hub.counts).toMatchObject({ gaps: 1, snapshots: 3, frames: 2 });
    hub.stop();
  });

  describe('looks again', () => {
    beforeEach(() => {
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('until history could be read', async () => {
      const { hub, answer, waiting, writtenUntil } = setUp();
      const viewer = createViewer();
      void hub.watch(viewer, 'ann');
      await turn();
      answer(false);
      await turn();
      writtenUntil.advance(Date.now());
      jest.advanceTimersByTime(1_000);
      answer(false);
      await turn();
      expect(viewer.got).toEqual(['monitoring', 'snapshot 1']);
      jest.advanceTimersByTime(4_000);
      answer();
      await turn();
      expect(viewer.got).toEqual(['monitoring', 'snapshot 1', 'snapshot 3']);
      jest.advanceTimersByTime(60_000);
      expect(waiting).toEqual([]);
      hub.stop();
    });

    it('until it began when history had all from before the first snapshot', async () => {
      const { hub, answer, waiting, writtenUntil } = setUp();
      const viewer = createViewer();
      const shownTs = Date.now();
      void hub.watch(viewer, 'ann');
      await turn();
      answer();
      await turn();
      // A bridge that was killed holds an entry; the one that takes it over is killed, too.
      for (const afterMs of [1_000, 4_000, 10_000, 10_000, 10_000]) {
        writtenUntil.advance(shownTs - 1);
        jest.advanceTimersByTime(afterMs - 1);
        expect(waiting).toEqual([]);
        jest.advanceTimersByTime(1);
        expect(waiting).toHaveLength(1);
        // Too late for this look, which may have read history before that.
        if (Date.now() === shownTs + 35_000) writtenUntil.advance(shownTs);
        answer();
        await turn();
      }
      jest.advanceTimersByTime(10_000);
      expect(waiting).toHaveLength(1);
      answer();
      await turn();
      expect(viewer.got.at(-1)).toBe('snapshot 7');
      jest.advanceTimersByTime(60_000);
      expect(waiting).toEqual([]);
      hub.stop();
    });
  });

  it('bounds what waits for a snapshot, and looks again for what it dropped', async () => {
    const { hub, publish, answer } = setUp();
    const viewer = createViewer();
    void hub.watch(viewer, 'ann');
    await turn();
    const large = 'x'.repeat(1.5 * 1024 * 1024);
    for (let i = 0; i < 4; i++) publish('ann', `${i}${large}`);
    answer();
    await turn();
    expect(viewer.got.slice(2).map((text) => text[0])).toEqual(['2', '3']);
    expect(hub.counts.backlogsDropped).toBe(1);
    hub.stop();
  });

  it('forgets a viewer that leaves while it is being served', async () => {
    const { hub, publish, answer, subscriptions } = setUp();
    const viewer = createViewer();
    void hub.watch(viewer, 'ann');
    hub.remove(viewer);
    await turn();
    answer();
    await turn();
    publish('ann', 'a');
    expect(viewer.got).toEqual([]);
    expect(subscriptions()).toEqual([]);
    expect(hub.userCount).toBe(0);
    hub.stop();
  });

  it('serves a viewer that leaves and comes back once', async () => {
    const { hub, publish, answer, subscriptions } = setUp();
    const viewer = createViewer();
    void hub.watch(viewer, 'ann');
    hub.unwatch(viewer, 'ann');
    void hub.watch(viewer, 'ann');
    await turn();
    answer();
    await turn();
    publish('ann', 'a');
    expect(viewer.got).toEqual(['monitoring', 'snapshot 1', 'a']);
    expect(subscriptions()).toEqual([keys.live('ann')]);
    hub.stop();
  });

  it('keeps a user that "*" and the name both ask for, until neither does', async () => {
    const { hub, grants, answer, subscriptions } = setUp();
    const viewer = createViewer();
    grants.set('ann', { user_id: 'ann', expires_ts: Infinity } as MonitoringGrant);
    void hub.watch(viewer, '*');
    void hub.watch(viewer, 'ann');
    await turn();
    answer();
    hub.unwatch(viewer, '*');
    expect(subscriptions()).toEqual([keys.live('ann')]);
    void hub.watch(viewer, '*');
    hub.unwatch(viewer, 'ann');
    expect(subscriptions()).toEqual([keys.live('ann')]);
    grants.clear();
    hub.onMonitoringChange('ann', undefined);
    expect(subscriptions()).toEqual([]);
    expect(hub.userCount).toBe(0);
    hub.stop();
  });

  it('bounds what waits for all snapshots of one viewer together', async () => {
    const { hub, publish } = setUp();
    const viewer = createViewer();
    const users = Array.from({ length: 6 }, (_, i) => `user ${i}`);
    for (const user of users) void hub.watch(viewer, user);
    await turn();
    for (const user of users) publish(user, 'x'.repeat(1.5 * 1024 * 1024));
    expect(hub.counts.backlogsDropped).toBe(1);
    hub.stop();
  });

  it('drops what is no UTF-8, over which a browser would end the connection, and counts it', async () => {
    const { hub, publish, answer } = setUp();
    const viewer = createViewer();
    void hub.watch(viewer, 'ann');
    await turn();
    answer();
    await turn();
    hub.onMessage(keys.live('ann'), Buffer.from([0x7b, 0xff, 0x7d]));
    publish('ann', 'é');
    expect(viewer.got.slice(2)).toEqual(['é']);
    expect(hub.counts).toMatchObject({ badFrames: 1, frames: 1 });
    hub.stop();
  });
});
