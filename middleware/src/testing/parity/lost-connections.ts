import type { Response } from 'express';
import { once } from 'node:events';
import { requestBytes } from './raw-client';
import type { Kit, Scenario } from './run-scenario';

const kept = (path: string): Buffer => requestBytes('GET', path, { keepAlive: true });

/** A client that leaves once the response has begun, and a handler that does `react` about it. */
function leaving(name: string, react: (res: Response, kit: Kit) => void, flow: string): Scenario {
  return {
    name,
    routes(app, kit) {
      app.get('/leave', (_req, res) => {
        res.write('first');
        react(res, kit);
      });
    },
    async client({ connect }) {
      const client = connect();
      client.send(requestBytes('GET', '/leave'));
      await client.until('first');
      client.leave();
      await client.closed();
    },
    flows: [flow],
  };
}

/** How connections end before the answer does. */
export const LOST_CONNECTIONS: readonly Scenario[] = [
  leaving(
    'a client that leaves amid the answer, of which the handler goes on with it',
    (res, { note }) => {
      res.once('close', () => {
        note(`write ${res.write('more')}`);
        res.end(() => {
          note(`ended, finished ${res.writableFinished}`);
        });
      });
    },
    'GET /leave aborted 200',
  ),
  leaving(
    'a client that leaves, and a handler that ends the response when its request closes',
    (res) => {
      res.req.once('close', () => res.end());
    },
    'GET /leave aborted 200',
  ),
  leaving(
    'a client that leaves, and a handler that ends the response when its request is aborted',
    (res) => {
      res.req.once('aborted', () => res.end('last'));
    },
    'GET /leave aborted 200',
  ),
  {
    name: 'a client that leaves before there is any answer',
    routes(app, { open, note }) {
      app.get('/early', async (_req, res) => {
        const closed = once(res, 'close');
        open('arrived');
        await closed;
        res.json({ too: 'late' });
        note(`headers sent ${res.headersSent} finished ${res.writableFinished}`);
      });
    },
    async client({ connect, until }) {
      const client = connect();
      client.send(requestBytes('GET', '/early'));
      await until('arrived');
      client.leave();
      await client.closed();
    },
    flows: ['GET /early aborted -'],
  },
  {
    name: 'a handler that never answers, until the server gives its connection up',
    routes(app) {
      app.get('/never', (req) => {
        // Only once it is read: a connection that is given up before is reset, as it is by a server that is busy.
        req.setTimeout(40);
      });
    },
    client: ({ ask }) => ask('GET', '/never'),
    flows: ['GET /never aborted -'],
  },
  {
    name: 'a response with a timeout of its own',
    routes(app) {
      app.get('/late', (_req, res) => {
        res.setTimeout(40, () => {
          res.status(503).send('took too long');
        });
      });
    },
    client: ({ ask }) => ask('GET', '/late'),
    flows: ['GET /late error 503'],
  },
  {
    name: 'a handler that destroys its response or its connection',
    routes(app) {
      app.get('/response', (_req, res) => {
        res.write('x', () => res.destroy());
      });
      app.get('/connection', (req) => {
        req.socket.destroy();
      });
      app.get('/refused', (req, res) => {
        res.status(413).end('too much', () => req.destroy());
      });
    },
    client: async ({ ask }) => [
      await ask('GET', '/response'),
      await ask('GET', '/connection'),
      await ask('GET', '/refused'),
    ],
    flows: ['GET /connection aborted -', 'GET /refused ok 413', 'GET /response aborted 200'],
  },
  {
    name: 'a client that leaves with pipelined requests waiting behind the first',
    routes(app, { note, open }) {
      app.get('/first', (_req, res) => {
        res.write('first');
      });
      app.get('/second', (_req, res) => {
        res.send('never on its way');
      });
      app.get('/last', async (req, res) => {
        open('the last is here');
        await once(req.socket, 'close');
        note(`headers sent ${res.headersSent}`);
      });
    },
    async client({ connect, until }) {
      const client = connect();
      client.send(Buffer.concat([kept('/first'), kept('/second'), kept('/last')]));
      await client.until('first');
      await until('the last is here');
      client.leave();
      await client.closed();
    },
    flows: ['GET /first aborted 200', 'GET /last aborted -', 'GET /second aborted 200'],
  },
];
