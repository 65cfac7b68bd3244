import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { render, requestBytes } from './raw-client';
import type { Scenario } from './run-scenario';

const kept = (path: string): Buffer => requestBytes('GET', path, { keepAlive: true });

/** A client that says at once that it has nothing more to send. */
function halfClosing(name: string, isAllowed: boolean, flow: string): Scenario {
  return {
    name: `a client that ${name}`,
    routes(app, { server }) {
      Object.assign(server, { httpAllowHalfOpen: isAllowed });
      app.get('/half', async (req, res) => {
        res.write('first ');
        await once(req.socket, 'end');
        res.end('last');
      });
    },
    async client({ connect }) {
      const client = connect();
      client.socket.end(kept('/half'));
      return render(await client.closed());
    },
    flows: [flow],
  };
}

/** How connections are kept, shared and upgraded. */
export const CONNECTIONS: readonly Scenario[] = [
  {
    name: 'several requests on one connection',
    routes(app, { note }) {
      const ports = new Set<number | undefined>();
      app.get('/n/:n', (req, res) => {
        ports.add(req.socket.remotePort);
        note(`connections ${ports.size}, listeners ${req.socket.listenerCount('close')}`);
        res.send(`answer ${req.params['n']}`);
      });
    },
    async client({ connect }) {
      const client = connect();
      for (let i = 0; i < 3; i++) {
        client.send(kept(`/n/${i}`));
        await client.until(`answer ${i}`);
      }
      client.send(requestBytes('GET', '/n/3'));
      return render(await client.closed());
    },
    flows: Array<string>(4).fill('GET /n/:n ok 200'),
  },
  {
    name: 'pipelined requests, of which the last is ready first',
    routes(app, { open, until }) {
      app.get('/first', async (_req, res) => {
        await until('the last is ready');
        res.send('first');
      });
      app.get('/second', (_req, res) => {
        res.write('sec');
        res.end('ond');
      });
      app.get('/last', (_req, res) => {
        res.send('last');
        open('the last is ready');
      });
    },
    async client({ connect }) {
      const client = connect();
      client.send(Buffer.concat([kept('/first'), kept('/second'), requestBytes('GET', '/last')]));
      return render(await client.closed());
    },
    flows: ['GET /first ok 200', 'GET /last ok 200', 'GET /second ok 200'],
  },
  {
    name: 'a WebSocket beside requests',
    routes(app, { server }) {
      const sockets = new WebSocketServer({ noServer: true });
      server.on('upgrade', (req, socket, head) => {
        sockets.handleUpgrade(req, socket, head, (ws) => {
          ws.on('message', (data: Buffer) => {
            ws.send(`${req.url ?? ''} ${data.toString()}`);
          });
        });
      });
      app.get('/plain', (_req, res) => {
        res.send('plain');
      });
    },
    async client({ ask, port, note }) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/live`);
      await once(socket, 'open');
      const answer = await ask('GET', '/plain');
      socket.send('hello');
      const [message] = (await once(socket, 'message')) as [Buffer];
      note(message.toString());
      socket.close(4001);
      const [code] = (await once(socket, 'close')) as [number];
      return [answer, code];
    },
    flows: ['GET /plain ok 200'],
  },
  {
    name: 'an upgrade that nobody listens for, and bytes that are no HTTP',
    routes(app) {
      app.get('/plain', (_req, res) => {
        res.send('plain');
      });
    },
    async client({ ask, connect }) {
      const client = connect();
      client.send('NO HTTP\r\n\r\n');
      return [
        await ask('GET', '/plain', { headers: { Upgrade: 'websocket', Connection: 'Upgrade' } }),
        render(await client.closed()),
      ];
    },
    flows: ['GET /plain ok 200'],
  },
  halfClosing('half-closes, which Node takes as leaving', false, 'GET /half aborted 200'),
  halfClosing('half-closes and waits, on a server that lets it', true, 'GET /half ok 200'),
  {
    name: 'a server that closes while it answers',
    routes(app, { server, note }) {
      app.get('/last', (_req, res) => {
        res.write('last ');
        server.close(() => {
          note('closed');
        });
        setImmediate(() => res.end('words'));
      });
    },
    async client({ connect, server }) {
      const client = connect();
      client.send(kept('/last'));
      await client.until('words');
      server.closeIdleConnections();
      return render(await client.closed());
    },
    flows: ['GET /last ok 200'],
  },
];
