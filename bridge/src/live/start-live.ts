import type { RedisKeys } from '@flow-tracking/protocol';
import type { Access } from '../access/access';
import { jsonBuffer } from '../http/json-pieces';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import type { LiveSubscriber } from './connection-subscriber';
import { createLiveCounts, type LiveCounts } from './live-counts';
import { createLiveHub, type HubOptions, type LiveHub } from './live-hub';
import { createLivePolls, type LivePolls } from './live-polls';
import { createLiveServer, type LiveServer } from './live-server';
import { readSnapshot } from './snapshot';
import { createSnapshotLoader } from './snapshot-loader';
import { createUnreadLimit } from './unread-limit';
import { toWireText } from './wire-text';

/** The live side of a bridge. */
export interface Live {
  hub: LiveHub;
  /** Its clients on a WebSocket, and those that poll. */
  server: LiveServer;
  polls: LivePolls;
  counts: LiveCounts;
  /** Tells clients to reconnect, and stops. Idempotent. */
  stop(): void;
}

/** Starts what hands flows to viewers. */
export function startLive(options: {
  keys: RedisKeys;
  /** The primary's: a replica that is behind would hide the newest checkpoints until the next look. */
  pool: Pool;
  /** Not open yet. */
  subscriber: LiveSubscriber;
  monitoring: HubOptions['monitoring'] & { onChange(listener: LiveHub['onMonitoringChange']): void };
  access: Access;
  writtenUntil: HubOptions['writtenUntil'];
  instance: string;
  logger: Logger;
}): Live {
  const { keys, pool, subscriber, monitoring, access, writtenUntil, instance, logger } = options;
  const snapshots = createSnapshotLoader({
    load: (userId) => readSnapshot(pool, userId),
    encode: async (frame) => toWireText(await jsonBuffer(frame)),
    logger,
  });
  const hub = createLiveHub({ keys, monitoring, subscriber, snapshots, writtenUntil, encode: toWireText });
  subscriber.listen(hub);
  monitoring.onChange((userId, grant) => hub.onMonitoringChange(userId, grant));

  const unread = createUnreadLimit();
  const counts = createLiveCounts();
  const shared = { hub, unread, counts, instance, logger };
  const polls = createLivePolls(shared);
  const server = createLiveServer({ ...shared, access });
  return {
    hub,
    server,
    polls,
    counts,
    stop() {
      server.close();
      polls.close();
      unread.stop();
      hub.stop();
    },
  };
}
