import {
  ALL_USERS,
  LIMITS,
  ParseError,
  parseClientFrame,
  PROTOCOL_VERSION,
  type ClientFrame,
  type ServerFrame,
} from '@flow-tracking/protocol';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Logger } from '../platform/logger';
import { createFrameLimit } from './frame-limit';
import type { LiveCounts } from './live-counts';
import type { LiveHub } from './live-hub';
import { createSendQueue } from './send-queue';
import type { Reader, UnreadLimit } from './unread-limit';
import type { Viewer } from './viewer';
import { watchUser } from './watch-user';

/** Of the application's own range. */
const CLOSE_TOO_MANY_FRAMES = 4029;
/** How long a client that is told to go may take. */
const CLOSE_MS = 500;

/** Serves one live client from its first frame to its last. */
export function serveConnection(options: {
  webSocket: WebSocket;
  /** The one below. */
  socket: Duplex;
  hub: LiveHub;
  unread: UnreadLimit;
  counts: LiveCounts;
  instance: string;
  /** The user that the path named; watched from the start. */
  userId: string | null;
  logger: Logger;
}): void {
  const { webSocket, socket, hub, unread, counts, logger } = options;
  const users = new Set<string>();
  const limit = createFrameLimit();

  const queue = createSendQueue({
    webSocket,
    socket,
    counts,
    onTooSlow() {
      logger.warn({ users: [...users] }, 'Live client too slow, cut off');
      hub.remove(viewer);
    },
  });
  const viewer: Viewer = {
    send: (frame) => queue.send(JSON.stringify(frame)),
    relay: queue.relay,
    show: queue.show,
    isReady: queue.isReady,
  };
  socket.on('drain', () => hub.onReady());
  const reader: Reader = {
    unreadBytes: () => webSocket.bufferedAmount,
    cutOff() {
      if (webSocket.readyState === webSocket.OPEN) queue.cutOff();
    },
  };
  unread.add(reader);

  const cutOffBusy = (): void => {
    if (webSocket.readyState !== webSocket.OPEN) return;
    counts.cutOff.too_many_frames += 1;
    logger.warn({ users: users.size }, 'Live client sends too much, cut off');
    webSocket.close(CLOSE_TOO_MANY_FRAMES, 'too_many_frames: see the limits in the README of the bridge');
    const timer = setTimeout(() => webSocket.terminate(), CLOSE_MS);
    webSocket.once('close', () => clearTimeout(timer));
    hub.remove(viewer);
  };
  const fail = (code: string, message: string): void => {
    const frame: ServerFrame = { type: 'error', code, message };
    viewer.send(frame);
  };

  const subscribe = (added: readonly string[]): void => {
    const fresh = [...new Set(added)].filter((user) => !users.has(user));
    if (users.size + fresh.length > LIMITS.subscriptions) {
      fail(
        'too_many_subscriptions',
        `At most ${LIMITS.subscriptions} users a client; "${ALL_USERS}" is every monitored one`,
      );
      return;
    }
    if (!limit.onWatch(fresh.length)) return cutOffBusy();
    for (const user of fresh) users.add(user);
    viewer.send({ type: 'subscribed', users: [...users] });
    for (const user of fresh) void watchUser(hub, viewer, user, logger);
  };

  const unsubscribe = (removed: readonly string[]): void => {
    for (const user of removed) if (users.delete(user)) hub.unwatch(viewer, user);
    viewer.send({ type: 'subscribed', users: [...users] });
  };

  // Ids name channels, where a lone surrogate can't be told from another.
  const wellFormed = (ids: readonly string[]): string[] => ids.map((id) => id.toWellFormed());

  const onFrame = (frame: ClientFrame): void => {
    if (frame.type === 'ping') viewer.send({ type: 'pong' });
    else if (frame.type === 'subscribe') subscribe(wellFormed(frame.users));
    else unsubscribe(wellFormed(frame.users));
  };

  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    // One that is being cut off may still be sending.
    if (webSocket.readyState !== webSocket.OPEN) return;
    // One fragment is a Buffer; `ws` is not set to give anything else.
    const frame = data as Buffer;
    if (!limit.onFrame(frame.length)) return cutOffBusy();
    try {
      if (isBinary) throw new ParseError('invalid_json', 'frame: expected text, got binary data');
      onFrame(parseClientFrame(frame.toString()));
    } catch (error) {
      if (error instanceof ParseError) fail(error.code, error.message);
      else throw error;
    }
  });
  for (const kind of ['ping', 'pong'] as const) {
    webSocket.on(kind, (data: Buffer) => {
      if (!limit.onFrame(data.length)) cutOffBusy();
    });
  }
  webSocket.on('error', (error) => {
    // Of `ws` itself: a frame too large, or none at all. What else fails is the connection.
    if (String((error as { code?: string }).code).startsWith('WS_ERR_')) counts.cutOff.bad_frame += 1;
    logger.debug({ reason: error.message }, 'Live client failed');
  });
  webSocket.on('close', () => {
    unread.remove(reader);
    hub.remove(viewer);
  });

  viewer.send({ type: 'hello', protocol: PROTOCOL_VERSION, instance: options.instance, now_ts: Date.now() });
  if (options.userId !== null) subscribe([options.userId]);
}
