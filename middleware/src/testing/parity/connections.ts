import { once } from 'node:events';
import { WebSocket, WebSocketServer } from 'ws';
import { render, requestBytes } from './raw-client';
import type { Scenario } from './run-scenario';

const keepAlive = { keepAlive: true };

/** What happens on a connection beside one request and its answer. */
export const CONNECTIONS: readonly Scenario[] = [
  {
    name: 'several requests on one connection, one after the other',
    routes(app) {
      app.get('/n/:n', (req, res) => {
        res.json({ n: req.params['n'] });
      });
    },
    async client({ connect }) {
      const client = connect();
      for (const n of [1, 2]) {
        client.send(requestBytes('GET', `/n/${n}`, keepAlive));
        await client.until(`{"n":"${n}"}`);
      }
      client.send(requestBytes('GET', '/n/3'));
      return render(await client.closed());
    },
    flows: ['GET /n/:n ok 200', 'GET /n/:n ok 200', 'GET /n/:n ok 200'],
  },
  {
    name: 'pipelined requests, of which the first is answered last',
    routes(app, { open, until }) {
      app.get('/first', async (_req, res) => {
        await until('the second is ready');
        res.send('first');
      });
      app.get('/second', (_req, res) => {
        res.send('second');
        open('the second is ready');
      });
    },
    async client({ connect }) {
      const client = connect();
      client.send(Buffer.concat([requestBytes('GET', '/first', keepAlive), requestBytes('GET', '/second')]));
      return render(await client.closed());
    },
    flows: ['GET /first ok 200', 'GET /second ok 200'],
  },
  {
    name: 'a WebSocket beside the app',
    routes(app, { server, note }) {
      app.get('/plain', (_req, res) => {
        res.send('plain');
      });
      const sockets = new WebSocketServer({ noServer: true });
      server.on('upgrade', (req, socket, head) => {
        sockets.handleUpgrade(req, socket, head, (ws) => {
          ws.on('message', (data: Buffer) => {
            note(`got ${data.toString()}`);
            ws.send('answer');
          });
        });
      });
    },
    async client({ port, ask }) {
      const ws = new WebSocket(`ws://127.0.0.1:${port}/socket`);
      await once(ws, 'open');
      ws.send('question');
      const [data] = (await once(ws, 'message')) as [Buffer];
      const plain = await ask('GET', '/plain');
      ws.close();
      await once(ws, 'close');
      return [data.toString(), plain];
    },
    flows: ['GET /plain ok 200'],
  },
  {
    name: 'a client that leaves amid the answer',
    routes(app, { note, open }) {
      app.get('/leave', (_req, res) => {
        res.on('close', () => {
          note(`closed, finished ${res.writableFinished}`);
          open('closed');
        });
        res.write('begun');
      });
    },
    async client({ connect, until }) {
      const client = connect();
      client.send(requestBytes('GET', '/leave'));
      await client.until('begun');
      client.leave();
      await until('closed');
      return (await client.closed()).closedBy;
    },
    flows: ['GET /leave aborted 200'],
  },
  {
    name: 'a handler that never answers, on a server that waits so long only',
    routes(app, { server }) {
      server.setTimeout(50);
      app.get('/never', () => undefined);
    },
    async client({ connect }) {
      const client = connect();
      client.send(requestBytes('GET', '/never', keepAlive));
      return render(await client.closed());
    },
    flows: ['GET /never aborted -'],
  },
  {
    name: 'a response that is destroyed',
    routes(app) {
      app.get('/destroyed', (_req, res) => {
        res.destroy();
      });
    },
    async client({ connect }) {
      const client = connect();
      client.send(requestBytes('GET', '/destroyed'));
      return render(await client.closed());
    },
    flows: ['GET /destroyed aborted -'],
  },
];
