import { isUtf8 } from 'node:buffer';
import {
  ALL_USERS,
  type MonitoringFrame,
  type MonitoringGrant,
  type RedisKeys,
  type ServerFrame,
} from '@flow-tracking/protocol';
import { CLAIMED_WITHIN_MS } from '../ingest/history-writer';
import type { LiveSubscriber } from './connection-subscriber';
import { createFrameJoiner, type FrameJoiner } from './frame-joiner';
import type { Snapshot, SnapshotLoader } from './snapshot-loader';

/**
 * What is published between a flow's event and its row in Postgres is in neither the snapshot nor the subscription that
 * began in between. Further looks, each so long after the one before, close that gap, also when history lags. The last one
 * comes 5 s after another bridge has what a killed one held.
 */
const LOOKS_MS = [1_000, 4_000, CLAIMED_WITHIN_MS] as const;
/** Live frames that wait for one snapshot, in bytes. Beyond them they are dropped, and the second look has them. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
/** The same of all snapshots that one viewer waits for, and of all viewers. */
const MAX_VIEWER_BACKLOG_BYTES = 8 * 1024 * 1024;
const MAX_BACKLOGS_BYTES = 64 * 1024 * 1024;

/** Users that a viewer of `"*"` watches at most: each costs a subscription, and snapshots. */
const MAX_ALL_USERS = 5_000;

/** One connected client, as the hub sees it. */
export interface Viewer {
  /** Sends a frame of the bridge's own. */
  send(frame: ServerFrame): void;
  /** Sends bytes that {@link HubOptions.encode} made. */
  relay(bytes: Buffer): void;
  /** Sends a snapshot, which may be larger than what else waits for a client, and what came while it was loaded. */
  show(snapshot: Buffer, backlog: readonly Buffer[]): void;
  /** Whether it has read what it got, so that a snapshot may follow. */
  isReady(): boolean;
}

/** What the hub has done since its start. */
export interface HubCounts {
  /** Live frames from Redis, and their bytes. */
  frames: number;
  bytes: number;
  /** Snapshots sent, and those that said nothing since history could not be read. */
  snapshots: number;
  snapshotsFailed: number;
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
  /** Makes the bytes that viewers get of a live frame: once, however many they are. */
  encode: (message: Buffer) => Buffer;
}

/** One viewer's look at one user. */
interface Watch {
  readonly viewer: Viewer;
  readonly user: WatchedUser;
  /** Live frames that wait for the snapshot that must come before them; undefined once it is sent. */
  backlog: Buffer[] | undefined;
  backlogBytes: number;
  timer: NodeJS.Timeout | undefined;
}

interface WatchedUser {
  readonly id: string;
  readonly channel: string;
  readonly watches: Map<Viewer, Watch>;
  readonly joiner: FrameJoiner;
}

export function createLiveHub({ keys, subscriber, monitoring, snapshots, encode }: HubOptions): LiveHub {
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
  const viewers = new Map<Viewer, { wanted: Set<string>; watched: Set<WatchedUser>; backlogBytes: number }>();
  let backlogsBytes = 0;
  /** By channel; each is subscribed to. */
  const watchedUsers = new Map<string, WatchedUser>();

  const monitoringFrame = (userId: string): MonitoringFrame => {
    const grant = monitoring.get(userId);
    return { type: 'monitoring', user_id: userId, enabled: grant !== undefined, expires_ts: grant?.expires_ts ?? null };
  };

  const wants = (viewer: Viewer, userId: string): boolean => {
    const wanted = viewers.get(viewer)?.wanted;
    if (wanted === undefined) return false;
    return wanted.has(userId) || (wanted.has(ALL_USERS) && monitoring.get(userId) !== undefined);
  };

  /** False when the viewer has left meanwhile, or left and come back. */
  const isCurrent = (watch: Watch): boolean => watch.user.watches.get(watch.viewer) === watch;

  const detach = (viewer: Viewer, user: WatchedUser): void => {
    const watch = user.watches.get(viewer);
    if (watch === undefined) return;
    clearTimeout(watch.timer);
    takeBacklog(watch);
    user.watches.delete(viewer);
    viewers.get(viewer)?.watched.delete(user);
    if (user.watches.size > 0) return;
    user.joiner.stop();
    watchedUsers.delete(user.channel);
    void subscriber.unsubscribe(user.channel);
  };

  const addBacklogBytes = (watch: Watch, bytes: number): void => {
    watch.backlogBytes += bytes;
    backlogsBytes += bytes;
    const view = viewers.get(watch.viewer);
    if (view !== undefined) view.backlogBytes += bytes;
  };

  /** The live frames that waited; those that come from now on do not. */
  const takeBacklog = (watch: Watch): Buffer[] => {
    const backlog = watch.backlog ?? [];
    watch.backlog = undefined;
    addBacklogBytes(watch, -watch.backlogBytes);
    return backlog;
  };

  const load = (watch: Watch): Promise<Snapshot | undefined> =>
    snapshots.load(watch.user.id, {
      client: watch.viewer,
      isWanted: () => isCurrent(watch),
      isReady: () => watch.viewer.isReady(),
    });

  /** Sends the user's snapshot, then the live frames that came meanwhile; looks again after a while. */
  const sendSnapshot = async (watch: Watch): Promise<void> => {
    watch.backlog ??= [];
    const snapshot = await load(watch);
    if (snapshot === undefined || !isCurrent(watch)) return;
    show(watch, snapshot, takeBacklog(watch));
    lookAgain(watch, snapshot.digest, 0);
  };

  const show = (watch: Watch, snapshot: Snapshot, backlog: readonly Buffer[] = []): void => {
    counts.snapshots += 1;
    if (!snapshot.isKnown) counts.snapshotsFailed += 1;
    watch.viewer.show(snapshot.bytes, backlog);
  };

  const lookAgain = (watch: Watch, before: string, look: number): void => {
    clearTimeout(watch.timer);
    const afterMs = LOOKS_MS[look];
    if (afterMs === undefined) return;
    watch.timer = setTimeout(() => {
      void load(watch).then((snapshot) => {
        // A gap meanwhile has begun its own looks.
        if (snapshot === undefined || !isCurrent(watch) || watch.backlog !== undefined) return;
        if (snapshot.isKnown && snapshot.digest !== before) show(watch, snapshot);
        // As long as history can't be read, the same again, but not each second.
        if (snapshot.isKnown) lookAgain(watch, snapshot.digest, look + 1);
        else lookAgain(watch, before, Math.max(look, 1));
      });
    }, afterMs);
  };

  const attach = async (viewer: Viewer, userId: string): Promise<void> => {
    const channel = keys.live(userId);
    let user = watchedUsers.get(channel);
    if (user?.watches.has(viewer) === true) return;
    if (user === undefined) {
      const watches = new Map<Viewer, Watch>();
      const joiner = createFrameJoiner((frames) => relay(watches, frames));
      watchedUsers.set(channel, (user = { id: userId, channel, watches, joiner }));
    }
    const watch: Watch = { viewer, user, backlog: [], backlogBytes: 0, timer: undefined };
    user.watches.set(viewer, watch);
    viewers.get(viewer)?.watched.add(user);
    // Every viewer awaits it, not only the first: the channel may not be confirmed yet.
    await subscriber.subscribe(channel);
    if (!isCurrent(watch)) return;
    viewer.send(monitoringFrame(userId));
    await sendSnapshot(watch);
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

  const fits = (watch: Watch, bytes: number): boolean =>
    watch.backlogBytes + bytes <= MAX_BACKLOG_BYTES &&
    (viewers.get(watch.viewer)?.backlogBytes ?? 0) + bytes <= MAX_VIEWER_BACKLOG_BYTES &&
    backlogsBytes + bytes <= MAX_BACKLOGS_BYTES;

  const keep = (watch: Watch, backlog: Buffer[], bytes: Buffer): void => {
    if (!fits(watch, bytes.length)) {
      counts.backlogsDropped += 1;
      backlog.length = 0;
      addBacklogBytes(watch, -watch.backlogBytes);
      if (!fits(watch, bytes.length)) return;
    }
    addBacklogBytes(watch, bytes.length);
    backlog.push(bytes);
  };

  const relay = (watches: ReadonlyMap<Viewer, Watch>, frames: Buffer): void => {
    for (const watch of watches.values()) {
      if (watch.backlog === undefined) watch.viewer.relay(frames);
      else keep(watch, watch.backlog, frames);
    }
  };

  return {
    async watch(viewer, user) {
      let view = viewers.get(viewer);
      if (view === undefined) viewers.set(viewer, (view = { wanted: new Set(), watched: new Set(), backlogBytes: 0 }));
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
        for (const watch of user.watches.values()) void sendSnapshot(watch);
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
        if (grant !== undefined) void sendSnapshot(watch);
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
