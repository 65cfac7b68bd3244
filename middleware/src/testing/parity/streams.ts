import type { Request, RequestHandler, Response } from 'express';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, constants, gunzipSync } from 'node:zlib';
import { bodyOf, render, requestBytes, type RawAnswer } from './raw-client';
import type { Kit, Scenario } from './run-scenario';

const MIB = 1024 * 1024;
const BLOCK = Buffer.alloc(64 * 1024, 'abcdefgh');
const BLOCKS = (5 * MIB) / BLOCK.length;
const GZIP = { headers: { 'Accept-Encoding': 'gzip' } };

/** Compresses as `compression` does: by taking the place of `write`, `end` and `flush` of the response. */
const gzip: RequestHandler = (_req, res, next) => {
  const zipper = createGzip();
  const write = res.write.bind(res) as (chunk: Buffer) => boolean;
  const end = res.end.bind(res) as () => Response;
  res.setHeader('Content-Encoding', 'gzip');
  zipper.on('data', (chunk: Buffer) => {
    if (!write(chunk)) zipper.pause();
  });
  zipper.on('end', () => end());
  res.on('drain', () => zipper.resume());
  const start = (): void => {
    if (!res.headersSent) res.removeHeader('Content-Length');
  };
  Object.assign(res, {
    write(chunk: string | Buffer) {
      start();
      return zipper.write(chunk);
    },
    end(chunk?: string | Buffer) {
      start();
      zipper.end(chunk);
      return res;
    },
    flush: () => zipper.flush(constants.Z_SYNC_FLUSH),
  });
  next();
};

/** The head, and what the body was before it was compressed. */
function unzipped(answer: RawAnswer): string {
  const text = render(answer);
  const body = gunzipSync(bodyOf(answer));
  return `${text.slice(0, text.indexOf('\r\n\r\n'))}\n${body.length} ${createHash('sha256').update(body).digest('hex')}`;
}

async function askUnzipped({ connect }: Kit, path: string): Promise<string> {
  const client = connect();
  client.send(requestBytes('GET', path, GZIP));
  return unzipped(await client.closed());
}

/** Events that are each written only when the client has the one before: one that is held back stops the scenario. */
async function sendEvents(res: Response, until: Kit['until'], flush?: () => void): Promise<void> {
  res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  res.flushHeaders();
  for (let i = 0; i < 3; i++) {
    await until(`client has ${i}`);
    res.write(`data: ${i}\n\n`);
    flush?.();
  }
  await until('client has 3');
  res.end();
}

const zippedRoutes = (app: Parameters<Scenario['routes']>[0]): void => {
  app.get('/small', (_req, res) => {
    res.json({ small: true });
  });
  app.get('/large', (_req, res) => {
    res.send(Buffer.concat(Array<Buffer>(BLOCKS).fill(BLOCK)));
  });
};

const zippedClient = async (kit: Kit): Promise<string[]> => [
  await kit.ask('GET', '/small', GZIP),
  await askUnzipped(kit, '/small'),
  await askUnzipped(kit, '/large'),
];

/** Answers that take a while. */
export const STREAMS: readonly Scenario[] = [
  {
    name: 'server-sent events, none of them held back',
    routes(app, { until }) {
      app.get('/events', async (_req, res) => {
        await sendEvents(res, until);
      });
    },
    async client({ connect, open }) {
      const client = connect();
      client.send(requestBytes('GET', '/events'));
      await client.until('\r\n\r\n');
      for (let i = 0; i < 3; i++) {
        open(`client has ${i}`);
        await client.until(`data: ${i}\n\n`);
      }
      open('client has 3');
      return render(await client.closed());
    },
    flows: ['GET /events ok 200'],
  },
  {
    name: 'server-sent events, compressed and flushed',
    routes(app, { until }) {
      app.use(gzip);
      app.get('/events', async (_req, res) => {
        await sendEvents(res, until, (res as Response & { flush: () => void }).flush);
      });
    },
    async client({ connect, open }) {
      const client = connect();
      client.send(requestBytes('GET', '/events'));
      await client.until('\r\n\r\n');
      for (let i = 0; i < 3; i++) {
        open(`client has ${i}`);
        // What a sync flush ends with.
        await client.until('\x00\x00\xff\xff', i + 1);
      }
      open('client has 3');
      return unzipped(await client.closed());
    },
    flows: ['GET /events ok 200'],
  },
  {
    name: 'chunk boundaries, callbacks of write and end, cork',
    routes(app, { note }) {
      app.get('/chunks', (_req, res) => {
        res.write('one', () => {
          note('one written');
        });
        res.write('d\u00fcnn', 'latin1', () => {
          note('two written');
        });
        res.cork();
        res.write('three');
        res.write(Buffer.from('four'));
        setImmediate(() => {
          res.uncork();
          res.write('');
          res.end('five', 'utf8', () => {
            note('ended');
          });
        });
      });
      app.get('/length', (_req, res) => {
        res.set('Content-Length', '6');
        res.write('abc', () => res.end('def'));
      });
    },
    client: async ({ ask }) => [await ask('GET', '/chunks'), await ask('GET', '/length')],
    flows: ['GET /chunks ok 200', 'GET /length ok 200'],
  },
  {
    name: 'compression before us',
    before: (app) => app.use(gzip),
    routes: zippedRoutes,
    client: zippedClient,
    flows: ['GET /large ok 200', 'GET /small ok 200', 'GET /small ok 200'],
  },
  {
    name: 'compression after us',
    routes(app) {
      app.use(gzip);
      zippedRoutes(app);
    },
    client: zippedClient,
    flows: ['GET /large ok 200', 'GET /small ok 200', 'GET /small ok 200'],
  },
  {
    name: 'a handler that takes the place of writeHead, write and end after us',
    routes(app, { note }) {
      app.use((_req, res, next) => {
        const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => Response;
        const write = res.write.bind(res) as (chunk: string) => boolean;
        const end = res.end.bind(res) as (chunk: string) => Response;
        Object.assign(res, {
          writeHead(...args: unknown[]) {
            note(`writeHead ${String(args[0])}`);
            res.setHeader('X-Patched', 'yes');
            return writeHead(...args);
          },
          write(chunk: unknown) {
            note('write');
            return write(String(chunk).toUpperCase());
          },
          end(chunk: unknown) {
            note('end');
            return end(`${String(chunk)}!`);
          },
        });
        next();
      });
      app.get('/patched', (_req, res) => {
        res.write('loud ');
        res.end('quiet');
      });
    },
    client: ({ ask }) => ask('GET', '/patched'),
    flows: ['GET /patched ok 200'],
  },
  {
    name: '5 MiB against a client that reads late',
    routes(app, { note, open }) {
      app.get('/slow', async (_req, res) => {
        let waited = 0;
        for (let i = 0; i < BLOCKS; i++) {
          if (res.write(BLOCK)) continue;
          open('the response is full');
          waited += 1;
          await once(res, 'drain');
        }
        note(`waited for drain: ${waited > 0}`);
        res.end();
      });
    },
    async client({ connect, until }) {
      const client = connect();
      client.socket.pause();
      client.send(requestBytes('GET', '/slow'));
      await until('the response is full');
      client.socket.resume();
      return render(await client.closed());
    },
    flows: ['GET /slow ok 200'],
  },
  {
    name: '5 MiB from a pipeline, which ends by itself',
    routes(app, { note }) {
      app.get('/piped', async (_req: Request, res: Response) => {
        await pipeline(Readable.from(Array<Buffer>(BLOCKS).fill(BLOCK)), res);
        note('pipeline is done');
      });
    },
    client: ({ ask }) => ask('GET', '/piped'),
    flows: ['GET /piped ok 200'],
  },
];
