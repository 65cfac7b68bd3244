import { RECORD_SEPARATOR } from '@flow-tracking/protocol';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { text } from 'node:stream/consumers';
import { WebSocket, WebSocketServer } from 'ws';

export interface VersionProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands before a bridge and makes it one of another version of the protocol: what `/healthz` and the greetings of WebSockets
 * and polls say is rewritten. All else passes as it is.
 *
 * @param options.upgrades false refuses WebSockets, as an nginx that does not upgrade
 */
export async function startVersionProxy(options: {
  targetPort: number;
  protocol: number;
  upgrades?: boolean;
}): Promise<VersionProxy> {
  const { targetPort, protocol, upgrades = true } = options;
  const rewritten = (json: string): string => {
    const said = JSON.parse(json) as object;
    return 'protocol' in said ? JSON.stringify({ ...said, protocol }) : json;
  };
  const rewriters: ReadonlyMap<string, (body: string) => string> = new Map([
    ['/healthz', rewritten],
    ['/api/v1/live', (body) => rewritePoll(body, rewritten)],
  ]);

  const pass = (req: IncomingMessage, res: ServerResponse): void => {
    const { 'accept-encoding': _, ...headers } = req.headers;
    const target = { host: '127.0.0.1', port: targetPort, method: req.method, path: req.url, headers };
    const upstream = request(target, (answer) => {
      const rewrite =
        answer.statusCode === 200 ? rewriters.get(new URL(req.url ?? '', 'http://x').pathname) : undefined;
      const { 'content-length': _length, ...rest } = answer.headers;
      if (rewrite === undefined) {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, res, () => undefined);
        return;
      }
      res.writeHead(200, rest);
      text(answer).then(
        (body) => res.end(rewrite(body)),
        () => res.destroy(),
      );
    });
    upstream.on('error', () => res.destroy());
    res.on('close', () => upstream.destroy());
    req.pipe(upstream);
  };

  const server = createServer(pass);
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (req, socket, head) => {
    if (!upgrades) {
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
      return;
    }
    const { authorization } = req.headers;
    const bridge = new WebSocket(`ws://127.0.0.1:${targetPort}${req.url}`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    bridge.once('error', () => socket.destroy());
    bridge.once('open', () => {
      sockets.handleUpgrade(req, socket, head, (client) => relay(client, bridge, rewritten));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function relay(client: WebSocket, bridge: WebSocket, rewritten: (json: string) => string): void {
  bridge.on('message', (data: Buffer) => client.send(rewritten(data.toString())));
  client.on('message', (data: Buffer) => bridge.send(data.toString()));
  bridge.on('close', () => client.close());
  client.on('close', () => bridge.terminate());
}

/** The frames of an answer to a poll stand in records of their own. */
function rewritePoll(body: string, rewritten: (json: string) => string): string {
  const [before = '', ...records] = body.split(RECORD_SEPARATOR);
  return [before, ...records.map((record) => `${rewritten(record.trim())}\n`)].join(RECORD_SEPARATOR);
}
