import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BridgeError } from './errors';
import { closeServer } from './http/close-server';
import { serveUpgrade } from './http/serve-upgrade';
import type { Live } from './live/start-live';

/** How long a request under way may take to finish once the bridge stops. */
const REQUEST_LIMIT_MS = 3_000;

/** The server of HTTP and WebSocket. */
export interface Serving {
  /** Port listened on. */
  readonly port: number;
  /** Tells viewers to reconnect, answers those that poll, and finishes the requests under way. Idempotent. */
  close(): Promise<void>;
}

/**
 * Listens for requests and viewers.
 *
 * @throws {BridgeError} `port_in_use`
 */
export async function startServing(options: {
  host: string;
  port: number;
  /** An answer of which nothing is read for so long is cut off, in ms. */
  readerIdleMs: number;
  app: RequestListener;
  live: Pick<Live, 'server' | 'polls'>;
}): Promise<Serving> {
  const { host, port, readerIdleMs, app, live } = options;
  const server = createServer(app);
  // Of requests that wait for nothing but their reader.
  server.timeout = 2 * readerIdleMs;
  server.on('upgrade', (request, socket, head) => {
    if (!live.server.upgrade(request, socket, head)) serveUpgrade(server, request, socket);
  });
  await listen(server, host, port);

  const close = async (): Promise<void> => {
    live.server.close();
    live.polls.close();
    await closeServer(server, REQUEST_LIMIT_MS);
  };
  let closing: Promise<void> | undefined;
  return { port: (server.address() as AddressInfo).port, close: () => (closing ??= close()) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new BridgeError('port_in_use', 500, `Port ${port} on ${host} is in use; set FLOW_BRIDGE_PORT to another`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}
