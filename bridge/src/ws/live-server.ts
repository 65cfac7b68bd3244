import { LIMITS } from '@flow-tracking/protocol';
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Logger } from '../adapters/logger';
import { BridgeError } from '../errors';
import type { Doors } from '../services/doors';
import type { LiveHub } from '../services/live-hub';
import { createHeartbeat } from './heartbeat';
import { serveConnection } from './live-connection';
import { createLiveCounts, type LiveCounts } from './live-counts';

const MAX_CONNECTIONS = 1_000;
/** Close code "going away": clients reconnect. */
const GOING_AWAY = 1001;
/** How long viewers have to answer the close before they are cut off. */
const CLOSE_TIMEOUT_MS = 1_000;
const PATH = /^\/ws\/flows(?:\/([^/]+))?$/;

/** The WebSocket side of the bridge: `/ws/flows` and `/ws/flows/:userId`. */
export interface LiveServer {
  /** Tells every viewer to reconnect elsewhere, and takes no more. */
  close(): void;
  readonly counts: Readonly<LiveCounts>;
  /** Viewers that are connected now. */
  readonly viewerCount: number;
}

/** The user that the path names, or null for none. */
function parsePath(url: string): string | null {
  const match = PATH.exec(url.split('?', 1)[0] ?? '');
  if (match === null) throw new BridgeError('not_found', 404, 'Live flows are at /ws/flows and /ws/flows/<user id>');
  if (match[1] === undefined) return null;
  let userId = '';
  try {
    userId = decodeURIComponent(match[1]);
  } catch {
    // Falls through to the length check.
  }
  if (userId === '' || Buffer.byteLength(userId) > LIMITS.idBytes) {
    throw new BridgeError(
      'invalid_request',
      400,
      `user id: expected percent-encoded text of 1 to ${LIMITS.idBytes} bytes`,
    );
  }
  return userId;
}

/** Answers an upgrade that is not wanted, the way HTTP would. */
function refuse(socket: Duplex, error: BridgeError): void {
  const body = JSON.stringify({ error: { code: error.code, message: error.message } });
  socket.end(
    `HTTP/1.1 ${error.httpStatus} ${STATUS_CODES[error.httpStatus] ?? ''}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

export function attachLiveServer(options: {
  server: Server;
  hub: LiveHub;
  doors: Doors;
  instance: string;
  logger: Logger;
}): LiveServer {
  const { server, hub, doors, instance, logger } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.clientFrameBytes,
    perMessageDeflate: false,
  });
  const counts = createLiveCounts();
  const heartbeat = createHeartbeat(sockets.clients, () => (counts.cutOff.silent += 1));
  let closed = false;

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    try {
      const userId = parsePath(request.url ?? '');
      doors.checkSource(request.headers);
      doors.authorize(request, 'read');
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
        serveConnection({ webSocket, socket, hub, counts, instance, userId, logger });
      });
    } catch (error) {
      const reason =
        error instanceof BridgeError ? error : new BridgeError('internal', 500, 'Something went wrong here');
      counts.refused[reason.code] = (counts.refused[reason.code] ?? 0) + 1;
      refuse(socket, reason);
      if (!(error instanceof BridgeError)) logger.error({ err: error }, 'Upgrade failed');
    }
  };
  server.on('upgrade', onUpgrade);

  return {
    close() {
      closed = true;
      heartbeat.stop();
      for (const client of sockets.clients) client.close(GOING_AWAY, 'The bridge is stopping; reconnect');
      setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, CLOSE_TIMEOUT_MS);
    },
    counts,
    get viewerCount() {
      return sockets.clients.size;
    },
  };
}
