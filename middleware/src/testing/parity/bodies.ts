import type { ErrorRequestHandler } from 'express';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { render, requestBytes } from './raw-client';
import type { Kit, Scenario } from './run-scenario';

const LARGE = 'x'.repeat(5 * 1024 * 1024);
const JSON_TYPE = { 'Content-Type': 'application/json' };
const RAW_TYPE = { 'Content-Type': 'application/octet-stream' };

const digest = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** Answers with what is alike in both runs: an error's stack, in Express' own answer, names the layers above it. */
const answerError: ErrorRequestHandler = (error: Error & { status?: number; type?: string }, _req, res, _next) => {
  res.status(error.status ?? 500).json({ name: error.name, message: error.message, type: error.type });
};

/** Sends the first part, waits until the server is at the gate, sends the second, and reads the answer. */
async function inTwoParts({ connect, until }: Kit, first: string | Buffer, gate: string, second: string) {
  const client = connect();
  client.send(first);
  await until(gate);
  client.send(second);
  return render(await client.closed());
}

/** Requests with a body. */
export const BODIES: readonly Scenario[] = [
  {
    name: '5 MiB through express.json',
    routes(app, { express }) {
      app.post('/json', express.json({ limit: '6mb' }), (req, res) => {
        const { text } = req.body as { text: string };
        res.json({ length: text.length, digest: digest(text) });
      });
    },
    client: ({ ask }) => ask('POST', '/json', { headers: JSON_TYPE, body: JSON.stringify({ text: LARGE }) }),
    flows: ['POST /json ok 200'],
  },
  {
    name: '5 MiB through express.raw, and a form, parsed before us',
    before(app, { express }) {
      app.use(express.raw({ limit: '6mb' }), express.urlencoded({ extended: true }));
    },
    routes(app) {
      app.post('/raw', (req, res) => {
        const body = req.body as Buffer;
        res.json({ length: body.length, digest: digest(body) });
      });
      app.post('/form', (req, res) => {
        res.json(req.body);
      });
    },
    client: async ({ ask }) => [
      await ask('POST', '/raw', { headers: RAW_TYPE, body: LARGE }),
      await ask('POST', '/form', {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: 'a[b]=1&c=%C3%BC',
      }),
    ],
    flows: ['POST /form ok 200', 'POST /raw ok 200'],
  },
  {
    name: '5 MiB piped into a hash, and echoed',
    routes(app) {
      app.post('/hash', async (req, res) => {
        const hash = createHash('sha256');
        await pipeline(req, hash);
        res.send(hash.digest('hex'));
      });
      app.post('/echo', (req, res) => {
        req.pipe(res);
      });
    },
    async client({ ask, connect }) {
      const echo = connect();
      echo.send(requestBytes('POST', '/echo', { body: LARGE }));
      return [await ask('POST', '/hash', { body: LARGE }), render(await echo.closed(), false)];
    },
    flows: ['POST /echo ok 200', 'POST /hash ok 200'],
  },
  {
    name: 'a chunked body that comes in parts, none of them held back',
    routes(app, { note, open }) {
      app.put('/parts', (req, res) => {
        req.on('data', (chunk: Buffer) => {
          note(`got ${chunk.toString()}`);
          open(chunk.toString());
        });
        req.on('end', () => res.send('all'));
      });
    },
    client: (kit) =>
      inTwoParts(
        kit,
        Buffer.concat([
          requestBytes('PUT', '/parts', { headers: { 'Transfer-Encoding': 'chunked' } }),
          Buffer.from('3\r\none\r\n'),
        ]),
        'one',
        '3\r\ntwo\r\n0\r\n\r\n',
      ),
    flows: ['PUT /parts ok 200'],
  },
  {
    name: 'bodies that are no JSON, too large, or of an unknown encoding',
    routes(app, { express, trackErrors }) {
      app.post('/json', express.json({ limit: 20 }), (req, res) => {
        res.json(req.body);
      });
      trackErrors(app);
      app.use(answerError);
    },
    client: async ({ ask }) => [
      await ask('POST', '/json', { headers: JSON_TYPE, body: '{"a":' }),
      await ask('POST', '/json', { headers: JSON_TYPE, body: JSON.stringify('x'.repeat(30)) }),
      await ask('POST', '/json', { headers: { ...JSON_TYPE, 'Content-Encoding': 'rot13' }, body: '{}' }),
    ],
    flows: ['POST /json ok 400', 'POST /json ok 413', 'POST /json ok 415'],
  },
  {
    name: 'Expect: 100-continue, answered by Node and by the application',
    routes(app, { express }) {
      app.post('/wait', express.text(), (req, res) => {
        res.send(`got ${String(req.body)}`);
      });
    },
    async client({ connect, server }) {
      const ask = async (): Promise<string> => {
        const [head = '', body = ''] = requestBytes('POST', '/wait', {
          headers: { Expect: '100-continue', 'Content-Type': 'text/plain' },
          body: 'the body',
        })
          .toString()
          .split(/(?<=\r\n\r\n)/);
        const client = connect();
        client.send(head);
        await client.until('100 Continue\r\n\r\n');
        client.send(body);
        return render(await client.closed());
      };
      const first = await ask();
      server.once('checkContinue', (req, res) => {
        res.setHeader('X-Checked', 'yes');
        res.writeContinue();
        server.emit('request', req, res);
      });
      return [first, await ask()];
    },
    flows: ['POST /wait ok 200', 'POST /wait ok 200'],
  },
  {
    name: 'an answer before the body has been read, then the next request on the connection',
    routes(app) {
      app.post('/early', (_req, res) => {
        res.status(403).send('no');
      });
      app.get('/next', (_req, res) => {
        res.send('next');
      });
    },
    async client({ connect }) {
      const client = connect();
      client.send(requestBytes('POST', '/early', { body: 'y'.repeat(200_000), keepAlive: true }));
      await client.until('\r\n\r\nno');
      client.send(requestBytes('GET', '/next'));
      return render(await client.closed());
    },
    flows: ['GET /next ok 200', 'POST /early ok 403'],
  },
  {
    name: 'a client that leaves amid the body, piped',
    routes(app, { note, open }) {
      app.post('/gone', async (req, res) => {
        req.once('data', () => {
          open('some came');
        });
        await pipeline(req, createHash('sha256')).catch((error: NodeJS.ErrnoException) => {
          note(`pipeline: ${error.code ?? error.message}`);
        });
        note(`destroyed ${req.destroyed} complete ${req.complete}`);
        res.send('into the void');
      });
    },
    async client({ connect, until }) {
      const client = connect();
      client.send(requestBytes('POST', '/gone', { headers: { 'Content-Length': '100' } }));
      client.send('half');
      await until('some came');
      client.leave();
      return client.closed();
    },
    flows: ['POST /gone aborted -'],
  },
  {
    name: 'a client that leaves amid the body, parsed',
    routes(app, { express, note, open, trackErrors }) {
      app.use((req, _res, next) => {
        void once(req, 'data').then(() => {
          open('some came');
        });
        next();
      });
      app.post('/gone', express.json(), (_req, res) => {
        res.send('never');
      });
      trackErrors(app);
      app.use(((error: Error, _req, res, _next) => {
        note(`error ${error.message}, closed ${res.closed}`);
        res.status(400).end();
      }) satisfies ErrorRequestHandler);
    },
    async client({ connect, until }) {
      const client = connect();
      client.send(requestBytes('POST', '/gone', { headers: { ...JSON_TYPE, 'Content-Length': '100' } }));
      client.send('{"a"');
      await until('some came');
      client.leave();
      return client.closed();
    },
    flows: ['POST /gone aborted 400'],
  },
];
