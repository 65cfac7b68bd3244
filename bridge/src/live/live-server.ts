import { LIMITS } from '@flow-tracking/protocol';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Access } from '../access/access';
import { BridgeError } from '../errors';
import type { Logger } from '../platform/logger';
import { createHeartbeat } from './heartbeat';
import { serveConnection } from './live-connection';
import type { LiveCounts } from './live-counts';
import type { LiveHub } from './live-hub';
import type { UnreadLimit } from './unread-limit';

const MAX_CONNECTIONS = 1_000;
/** Close code "going away": clients reconnect. */
const GOING_AWAY = 1001;
/** How long viewers have to answer the close before they are cut off. */
const CLOSE_TIMEOUT_MS = 1_000;
const PATH = /^\/ws\/flows(?:\/([^/]+))?$/;

/** The WebSocket side of the bridge: `/ws/flows` and `/ws/flows/:userId`. */
export interface LiveServer {
  /** Takes a client in, or tells it why not. @returns false: the request asks for another protocol, and is not answered */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Tells every viewer to reconnect elsewhere, and takes no more. Idempotent. */
  close(): void;
  /** Viewers that are connected now. */
  readonly viewerCount: number;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Refused below.
    return '';
  }
}

/** The user that the path names, or `?user=`, which takes any id; null for none. */
function parseUser(url: string): string | null {
  const [path = ''] = url.split('?', 1);
  const match = PATH.exec(path);
  if (match === null) throw new BridgeError('not_found', 404, 'Live flows are at /ws/flows and /ws/flows/<user id>');
  const userId = match[1] === undefined ? new URLSearchParams(url.slice(path.length)).get('user') : decode(match[1]);
  if (userId === null) return null;
  if (userId === '' || Buffer.byteLength(userId) > LIMITS.idBytes) {
    throw new BridgeError(
      'invalid_request',
      400,
      `user id: expected percent-encoded text of 1 to ${LIMITS.idBytes} bytes`,
    );
  }
  return userId;
}

/** A browser or a proxy may offer other protocols, such as `h2c`: those are no business of this one. */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  const protocols = headers.upgrade?.split(',') ?? [];
  return protocols.some((protocol) => protocol.trim().toLowerCase() === 'websocket');
}

/** Answers an upgrade that is not wanted, the way HTTP would. */
function refuse(socket: Duplex, error: BridgeError): void {
  const body = JSON.stringify({ error: { code: error.code, message: error.message } });
  socket.end(
    `HTTP/1.1 ${error.httpStatus} ${STATUS_CODES[error.httpStatus] ?? ''}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

export function createLiveServer(options: {
  hub: LiveHub;
  unread: UnreadLimit;
  counts: LiveCounts;
  access: Access;
  instance: string;
  logger: Logger;
}): LiveServer {
  const { hub, unread, counts, access, instance, logger } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.clientFrameBytes,
    perMessageDeflate: false,
  });
  const heartbeat = createHeartbeat(sockets.clients, () => (counts.cutOff.silent += 1));
  let closed = false;

  const admit = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    try {
      const userId = parseUser(request.url ?? '');
      access.checkSource(request.headers);
      access.authorize(request, 'read');
      if (closed || sockets.clients.size >= MAX_CONNECTIONS) {
        throw new BridgeError(
          'too_many_connections',
          503,
          `At most ${MAX_CONNECTIONS} live clients a bridge; try another`,
        );
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        counts.accepted += 1;
        heartbeat.watch(webSocket);
        serveConnection({ webSocket, socket, hub, unread, counts, instance, userId, logger });
      });
    } catch (error) {
      const reason =
        error instanceof BridgeError ? error : new BridgeError('internal', 500, 'Something went wrong here');
      counts.refused[reason.code] = (counts.refused[reason.code] ?? 0) + 1;
      refuse(socket, reason);
      if (!(error instanceof BridgeError)) logger.error({ err: error }, 'Upgrade failed');
    }
  };
  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      if (!asksForWebSocket(request)) return false;
      admit(request, socket, head);
      return true;
    },
    close() {
      if (closed) return;
      closed = true;
      heartbeat.stop();
      for (const client of sockets.clients) client.close(GOING_AWAY, 'The bridge is stopping; reconnect');
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, CLOSE_TIMEOUT_MS).unref();
    },
    get viewerCount() {
      return sockets.clients.size;
    },
  };
}
