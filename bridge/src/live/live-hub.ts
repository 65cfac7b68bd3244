import { isUtf8 } from 'node:buffer';
import { ALL_USERS, type MonitoringFrame, type MonitoringGrant, type RedisKeys } from '@flow-tracking/protocol';
import type { WrittenUntil } from '../ingest/written-until';
import { createBacklogs, type Backlog } from './backlogs';
import type { LiveSubscriber } from './connection-subscriber';
import { createFrameJoiner, type FrameJoiner } from './frame-joiner';
import type { SnapshotLoader } from './snapshot-loader';
import { createSnapshotSender, type SnapshotCounts, type SnapshotSender } from './snapshot-sender';
import type { Viewer } from './viewer';

/** Users that a viewer of `"*"` watches at most: each costs a subscription, and snapshots. */
const MAX_ALL_USERS = 5_000;

/** What the hub has done since its start. */
export interface HubCounts extends SnapshotCounts {
  /** Live frames from Redis, and their bytes. */
  frames: number;
  bytes: number;
  /** Times that Redis was lost, per user watched. */
  gaps: number;
  /** Backlogs that grew too large while their snapshot loaded. */
  backlogsDropped: number;
  /** Messages of Redis that are no UTF-8, and were dropped: a browser ends the connection over one. */
  badFrames: number;
}

/** Fans live frames out to who watches; subscribes in Redis only to users that someone watches. */
export interface LiveHub {
  /** Starts to watch a user, or `"*"` for every monitored one: monitoring state, snapshot, then live frames. */
  watch(viewer: Viewer, user: string): Promise<void>;
  unwatch(viewer: Viewer, user: string): void;
  /** A viewer has read what it got. */
  onReady(): void;
  /** Forgets a viewer that is gone. */
  remove(viewer: Viewer): void;
  /** A message of Redis. */
  onMessage(channel: string, message: Buffer): void;
  /** Redis was away for these channels: snapshots again, since live frames were missed. */
  onGap(channels: readonly string[]): void;
  /** A user's grant began, moved or ended. */
  onMonitoringChange(userId: string, grant: MonitoringGrant | undefined): void;
  /** Stops timers. */
  stop(): void;
  readonly counts: Readonly<HubCounts>;
  /** Users that someone watches: as many subscriptions there are. */
  readonly userCount: number;
}

export interface HubOptions {
  keys: RedisKeys;
  subscriber: Pick<LiveSubscriber, 'subscribe' | 'unsubscribe'>;
  monitoring: { get(userId: string): MonitoringGrant | undefined; users(): string[] };
  snapshots: SnapshotLoader;
  /** Up to when history has everything. */
  writtenUntil: Pick<WrittenUntil, 'ts'>;
  /** Makes the bytes that viewers get of a live frame: once, however many they are. */
  encode: (message: Buffer) => Buffer;
}

/** One viewer's look at one user. */
interface Watch {
  readonly viewer: Viewer;
  readonly backlog: Backlog;
  readonly snapshots: SnapshotSender;
}

interface WatchedUser {
  readonly id: string;
  readonly channel: string;
  readonly watches: Map<Viewer, Watch>;
  readonly joiner: FrameJoiner;
}

export function createLiveHub(options: HubOptions): LiveHub {
  const { keys, subscriber, monitoring, snapshots, writtenUntil, encode } = options;
  const counts: HubCounts = {
    frames: 0,
    bytes: 0,
    snapshots: 0,
    snapshotsFailed: 0,
    gaps: 0,
    backlogsDropped: 0,
    badFrames: 0,
  };
  /** What each viewer asked for, which may hold `"*"`, and the users that it watches therefore. */
  const viewers = new Map<Viewer, { wanted: Set<string>; watched: Set<WatchedUser> }>();
  /** By channel; each is subscribed to. */
  const watchedUsers = new Map<string, WatchedUser>();
  const backlogs = createBacklogs(() => (counts.backlogsDropped += 1));

  const monitoringFrame = (userId: string): MonitoringFrame => {
    const grant = monitoring.get(userId);
    return { type: 'monitoring', user_id: userId, enabled: grant !== undefined, expires_ts: grant?.expires_ts ?? null };
  };

  const wants = (viewer: Viewer, userId: string): boolean => {
    const wanted = viewers.get(viewer)?.wanted;
    if (wanted === undefined) return false;
    return wanted.has(userId) || (wanted.has(ALL_USERS) && monitoring.get(userId) !== undefined);
  };

  const relay = (watches: ReadonlyMap<Viewer, Watch>, frames: Buffer): void => {
    for (const { viewer, backlog } of watches.values()) {
      if (backlog.isOpen) backlog.keep(frames);
      else viewer.relay(frames);
    }
  };

  const watchedUserOf = (userId: string): WatchedUser => {
    const channel = keys.live(userId);
    let user = watchedUsers.get(channel);
    if (user === undefined) {
      const watches = new Map<Viewer, Watch>();
      user = { id: userId, channel, watches, joiner: createFrameJoiner((frames) => relay(watches, frames)) };
      watchedUsers.set(channel, user);
    }
    return user;
  };

  const createWatch = (viewer: Viewer, { id: userId, watches }: WatchedUser): Watch => {
    const backlog = backlogs.create(viewer);
    const isCurrent = (): boolean => watches.get(viewer) === watch;
    const target = { viewer, userId, backlog, isCurrent };
    const sender = createSnapshotSender({ target, snapshots, writtenUntil, counts });
    const watch: Watch = { viewer, backlog, snapshots: sender };
    return watch;
  };

  const attach = async (viewer: Viewer, userId: string): Promise<void> => {
    const user = watchedUserOf(userId);
    if (user.watches.has(viewer)) return;
    const watch = createWatch(viewer, user);
    user.watches.set(viewer, watch);
    viewers.get(viewer)?.watched.add(user);
    // Every viewer awaits it, not only the first: the channel may not be confirmed yet.
    await subscriber.subscribe(user.channel);
    if (user.watches.get(viewer) !== watch) return;
    viewer.send(monitoringFrame(userId));
    await watch.snapshots.send();
  };

  const detach = (viewer: Viewer, user: WatchedUser): void => {
    const watch = user.watches.get(viewer);
    if (watch === undefined) return;
    watch.snapshots.stop();
    watch.backlog.take();
    user.watches.delete(viewer);
    viewers.get(viewer)?.watched.delete(user);
    if (user.watches.size > 0) return;
    user.joiner.stop();
    watchedUsers.delete(user.channel);
    void subscriber.unsubscribe(user.channel);
  };

  const tellTooMany = (viewer: Viewer): void =>
    viewer.send({
      type: 'error',
      code: 'too_many_users',
      message: `"${ALL_USERS}" shows ${MAX_ALL_USERS} monitored users at most; subscribe to some by name`,
    });

  const remove = (viewer: Viewer): void => {
    for (const user of [...(viewers.get(viewer)?.watched ?? [])]) detach(viewer, user);
    viewers.delete(viewer);
    snapshots.wake();
  };

  return {
    async watch(viewer, user) {
      let view = viewers.get(viewer);
      if (view === undefined) viewers.set(viewer, (view = { wanted: new Set(), watched: new Set() }));
      view.wanted.add(user);
      if (user !== ALL_USERS) return attach(viewer, user);
      const users = monitoring.users();
      if (users.length > MAX_ALL_USERS) tellTooMany(viewer);
      await Promise.all(users.slice(0, MAX_ALL_USERS).map((userId) => attach(viewer, userId)));
    },
    unwatch(viewer, user) {
      const view = viewers.get(viewer);
      if (view?.wanted.delete(user) !== true) return;
      for (const watched of [...view.watched]) if (!wants(viewer, watched.id)) detach(viewer, watched);
    },
    onReady: () => snapshots.wake(),
    remove,
    onMessage(channel, message) {
      const user = watchedUsers.get(channel);
      if (user === undefined) return;
      if (!isUtf8(message)) {
        counts.badFrames += 1;
        return;
      }
      counts.frames += 1;
      counts.bytes += message.length;
      user.joiner.add(encode(message));
    },
    onGap(channels) {
      for (const channel of channels) {
        const user = watchedUsers.get(channel);
        if (user === undefined) continue;
        counts.gaps += 1;
        for (const watch of user.watches.values()) void watch.snapshots.send();
      }
    },
    onMonitoringChange(userId, grant) {
      const user = watchedUsers.get(keys.live(userId));
      for (const [viewer, { wanted, watched }] of viewers) {
        if (!wanted.has(userId) && !wanted.has(ALL_USERS)) continue;
        const watch = user?.watches.get(viewer);
        if (user === undefined || watch === undefined) {
          if (grant === undefined) continue;
          if (wanted.has(userId) || watched.size < MAX_ALL_USERS) void attach(viewer, userId);
          else tellTooMany(viewer);
          continue;
        }
        viewer.send(monitoringFrame(userId));
        // Switched on in the middle of a flow: history has what came before.
        if (grant !== undefined) void watch.snapshots.send();
        else if (!wants(viewer, userId)) detach(viewer, user);
      }
    },
    stop() {
      for (const viewer of [...viewers.keys()]) remove(viewer);
    },
    counts,
    get userCount() {
      return watchedUsers.size;
    },
  };
}
