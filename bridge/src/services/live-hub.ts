import {
  ALL_USERS,
  type MonitoringFrame,
  type MonitoringGrant,
  type RedisKeys,
  type ServerFrame,
  type SnapshotFrame,
} from '@flow-tracking/protocol';
import type { Logger } from '../adapters/logger';
import type { LiveSubscriber } from '../adapters/redis-live';
import { messageOf } from '../errors';

/**
 * What is published between a flow's event and its row in Postgres is in neither the snapshot nor the subscription that
 * began in between. A second look after this time closes that gap.
 */
const SETTLE_MS = 1_000;

/** One connected client, as the hub sees it. */
export interface Viewer {
  /** Sends a frame of the bridge's own. */
  send(frame: ServerFrame): void;
  /** Relays a live frame as it came. */
  relay(message: Buffer): void;
}

/** Fans live frames out to who watches; subscribes in Redis only to users that someone watches. */
export interface LiveHub {
  /** Starts to watch a user, or `"*"` for every monitored one: monitoring state, snapshot, then live frames. */
  watch(viewer: Viewer, user: string): Promise<void>;
  unwatch(viewer: Viewer, user: string): void;
  /** Forgets a viewer that is gone. */
  remove(viewer: Viewer): void;
  /** A message of Redis. */
  onMessage(channel: string, message: Buffer): void;
  /** Redis was away: snapshots again, since live frames were missed. */
  onGap(): void;
  /** A user's grant began, moved or ended. */
  onMonitoringChange(userId: string, grant: MonitoringGrant | undefined): void;
  /** Stops timers. */
  stop(): void;
  readonly viewerCount: number;
}

interface HubOptions {
  keys: RedisKeys;
  subscriber: LiveSubscriber;
  monitoring: { get(userId: string): MonitoringGrant | undefined; users(): string[] };
  loadSnapshot: (userId: string) => Promise<SnapshotFrame>;
  logger: Logger;
}

/** Live frames that wait for the snapshot that must come before them. */
type Backlog = Buffer[];

export function createLiveHub({ keys, subscriber, monitoring, loadSnapshot, logger }: HubOptions): LiveHub {
  /** Users that each viewer asked for; may hold `"*"`. */
  const wanted = new Map<Viewer, Set<string>>();
  /** Who gets a user's frames; a key here is a channel subscribed to. */
  const watchers = new Map<string, Map<Viewer, Backlog | undefined>>();
  const timers = new Set<NodeJS.Timeout>();

  const monitoringFrame = (userId: string): MonitoringFrame => {
    const grant = monitoring.get(userId);
    return {
      type: 'monitoring',
      user_id: userId,
      enabled: grant !== undefined,
      expires_ts: grant?.expires_ts ?? null,
    };
  };

  const wants = (viewer: Viewer, userId: string): boolean => {
    const users = wanted.get(viewer);
    if (users === undefined) return false;
    return users.has(userId) || (users.has(ALL_USERS) && monitoring.get(userId) !== undefined);
  };

  const detach = (viewer: Viewer, userId: string): void => {
    const viewers = watchers.get(userId);
    if (viewers?.delete(viewer) !== true || viewers.size > 0) return;
    watchers.delete(userId);
    void subscriber.unsubscribe(keys.live(userId));
  };

  const snapshot = async (userId: string): Promise<SnapshotFrame> => {
    try {
      return await loadSnapshot(userId);
    } catch (error) {
      logger.warn({ user: userId, reason: messageOf(error) }, 'No snapshot: history can not be read');
      return { type: 'snapshot', user_id: userId, flows: [], checkpoints: [] };
    }
  };

  /** Sends a user's snapshot to a viewer, then the live frames that came meanwhile. */
  const sendSnapshot = async (viewer: Viewer, userId: string): Promise<SnapshotFrame> => {
    const viewers = watchers.get(userId);
    if (viewers?.has(viewer) === true && viewers.get(viewer) === undefined) viewers.set(viewer, []);
    const frame = await snapshot(userId);
    const current = watchers.get(userId);
    if (current?.has(viewer) !== true) return frame;
    viewer.send(frame);
    const backlog = current.get(viewer);
    current.set(viewer, undefined);
    for (const message of backlog ?? []) viewer.relay(message);
    return frame;
  };

  const settle = (viewer: Viewer, userId: string, first: SnapshotFrame): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void snapshot(userId).then((frame) => {
        const changed = JSON.stringify(frame) !== JSON.stringify(first);
        if (changed && watchers.get(userId)?.has(viewer) === true) viewer.send(frame);
      });
    }, SETTLE_MS);
    timers.add(timer);
  };

  const attach = async (viewer: Viewer, userId: string): Promise<void> => {
    let viewers = watchers.get(userId);
    if (viewers?.has(viewer) === true) return;
    if (viewers === undefined) {
      viewers = new Map();
      watchers.set(userId, viewers);
    }
    viewers.set(viewer, []);
    // Every viewer awaits it, not only the first: the channel may not be confirmed yet.
    await subscriber.subscribe(keys.live(userId));
    viewer.send(monitoringFrame(userId));
    settle(viewer, userId, await sendSnapshot(viewer, userId));
  };

  return {
    async watch(viewer, user) {
      const users = wanted.get(viewer) ?? new Set();
      wanted.set(viewer, users.add(user));
      await Promise.all((user === ALL_USERS ? monitoring.users() : [user]).map((userId) => attach(viewer, userId)));
    },
    unwatch(viewer, user) {
      wanted.get(viewer)?.delete(user);
      for (const userId of user === ALL_USERS ? [...watchers.keys()] : [user]) {
        if (!wants(viewer, userId)) detach(viewer, userId);
      }
    },
    remove(viewer) {
      wanted.delete(viewer);
      for (const userId of [...watchers.keys()]) detach(viewer, userId);
    },
    onMessage(channel, message) {
      const userId = keys.liveUser(channel);
      if (userId === undefined) return;
      for (const [viewer, backlog] of watchers.get(userId) ?? []) {
        if (backlog === undefined) viewer.relay(message);
        else backlog.push(message);
      }
    },
    onGap() {
      for (const [userId, viewers] of watchers) {
        for (const viewer of viewers.keys()) {
          void sendSnapshot(viewer, userId).then((frame) => settle(viewer, userId, frame));
        }
      }
    },
    onMonitoringChange(userId, grant) {
      for (const [viewer, users] of wanted) {
        if (!users.has(userId) && !users.has(ALL_USERS)) continue;
        if (watchers.get(userId)?.has(viewer) !== true) {
          if (grant !== undefined) void attach(viewer, userId);
          continue;
        }
        viewer.send(monitoringFrame(userId));
        // Switched on in the middle of a flow: history has what came before.
        if (grant !== undefined) void sendSnapshot(viewer, userId).then((frame) => settle(viewer, userId, frame));
        else if (!wants(viewer, userId)) detach(viewer, userId);
      }
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
    get viewerCount() {
      return wanted.size;
    },
  };
}
