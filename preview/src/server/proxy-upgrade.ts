import { request as requestHttp, STATUS_CODES, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { ProxyTarget } from './proxy-target';
import { describeFailure, statusForBrowser } from './proxy-http';

const CONNECT_TIMEOUT_MS = 10_000;

type Resolved = Extract<ProxyTarget, { url: URL }>;

/**
 * Sends an upgrade on and joins the two raw sockets, so that frames pass unread. When either side ends, both do.
 * @param track told of every socket that must be ended when the server stops
 */
export function proxyUpgrade(
  req: IncomingMessage,
  client: Duplex,
  head: Buffer,
  { url, headers }: Resolved,
  track: (socket: Duplex) => void,
): void {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const upstream = request(url, {
    headers: { ...headers, connection: 'Upgrade', upgrade: req.headers.upgrade ?? 'websocket' },
    agent: false,
  });
  const timer = setTimeout(() => upstream.destroy(new Error('no answer in time')), CONNECT_TIMEOUT_MS);
  client.on('close', () => upstream.destroy());

  upstream.on('upgrade', (answer, server: Socket, serverHead) => {
    clearTimeout(timer);
    if (client.destroyed) return server.destroy();
    track(server);
    const lines = [`HTTP/1.1 101 ${answer.statusMessage || 'Switching Protocols'}`];
    for (let index = 0; index < answer.rawHeaders.length; index += 2) {
      lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
    }
    client.write(`${lines.join('\r\n')}\r\n\r\n`);
    if (serverHead.length > 0) client.write(serverHead);
    if (head.length > 0) server.write(head);
    join(client, server);
  });
  // The bridge said no: pass on what it said.
  upstream.on('response', (answer) => {
    clearTimeout(timer);
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () =>
      refuseUpgrade(client, statusForBrowser(answer.statusCode ?? 502), Buffer.concat(chunks).toString()),
    );
    answer.on('error', () => client.destroy());
  });
  upstream.on('error', (error) => {
    clearTimeout(timer);
    refuseUpgrade(client, 502, JSON.stringify({ message: describeFailure(url, error) }));
  });
  upstream.end();
}

/** Answers an upgrade with an HTTP error and closes the connection. */
export function refuseUpgrade(client: Duplex, status: number, body: string): void {
  if (client.destroyed) return;
  const type = body.startsWith('{') ? 'application/json' : 'text/plain; charset=utf-8';
  client.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\nConnection: close\r\nContent-Type: ${type}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function join(client: Duplex, server: Socket): void {
  for (const socket of [client as Socket, server]) {
    socket.setTimeout?.(0);
    // A checkpoint's frame is small: waiting to fill a packet would be seen.
    socket.setNoDelay?.(true);
  }
  client.pipe(server).pipe(client);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}
