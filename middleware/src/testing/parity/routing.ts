import type { ErrorRequestHandler, RequestHandler } from 'express';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Kit, Scenario } from './run-scenario';

const say =
  (text: string): RequestHandler =>
  (_req, res) => {
    res.send(text);
  };

const answerErrors: ErrorRequestHandler = (error: Error & { status?: number }, _req, res, next) => {
  if (res.headersSent) next(error);
  else res.status(error.status ?? 500).json({ message: error.message });
};

/** A folder with one file, for as long as `use` takes. */
async function withFile(use: (file: string) => Promise<unknown>): Promise<unknown> {
  const dir = mkdtempSync(path.join(tmpdir(), 'flow-test-static-'));
  const file = path.join(dir, 'page.txt');
  writeFileSync(file, '0123456789');
  // Its time is in the entity tag.
  utimesSync(file, 1, 1);
  try {
    return await use(file);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Rejects; Express 5 passes that on by itself, Express 4 has to be told. */
const rejecting =
  ({ major }: Kit): RequestHandler =>
  async (_req, _res, next) => {
    await Promise.resolve();
    const error = new Error('rejected');
    if (major === 5) throw error;
    next(error);
  };

/** How a request finds its handlers, and what becomes of their errors. */
export const ROUTING: readonly Scenario[] = [
  {
    name: 'a router mounted twice, and one within it',
    routes(app, { express }) {
      const inner = express.Router();
      inner.get('/:id', (req, res) => {
        res.json({ base: req.baseUrl, url: req.url, id: req.params['id'] });
      });
      const router = express.Router().use('/inner', inner);
      router.get('/', say('root'));
      app.use('/a', router);
      app.use('/b', router);
    },
    client: async ({ ask }) => [
      await ask('GET', '/a/inner/1'),
      await ask('GET', '/b/inner/2?x=1'),
      await ask('GET', '/b'),
    ],
    flows: ['GET /a/inner/:id ok 200', 'GET /b ok 200', 'GET /b/inner/:id ok 200'],
  },
  {
    name: 'an app within the app, which mounts the middleware again',
    routes(app, kit) {
      const sub = kit.express();
      kit.track(sub);
      sub.get('/ask/:id', (req, res) => {
        res.json({ base: req.baseUrl, app: req.app === sub });
      });
      app.use('/sub', sub);
    },
    client: ({ ask }) => ask('GET', '/sub/ask/7'),
    flows: ['GET /sub/ask/:id ok 200'],
  },
  {
    name: "next('route') and next('router')",
    routes(app, { express, note }) {
      const skip =
        (to: string): RequestHandler =>
        (_req, _res, next) => {
          note(`skips to the next ${to}`);
          next(to);
        };
      app.get('/route', skip('route'), say('never'));
      app.get('/route', say('the second'));
      const router = express.Router();
      router.use(skip('router'));
      router.get('/router', say('never'));
      app.use(router);
      app.get('/router', say('after it'));
    },
    client: async ({ ask }) => [await ask('GET', '/route'), await ask('GET', '/router')],
    flows: ['GET /route ok 200', 'GET /router ok 200'],
  },
  {
    name: 'errors that are thrown, rejected, passed on, and of the client',
    routes(app, kit) {
      app.get('/thrown', () => {
        throw new TypeError('thrown');
      });
      app.get('/rejected', rejecting(kit));
      app.get('/passed', (_req, _res, next) => {
        next(new Error('passed'));
      });
      app.get('/client', (_req, _res, next) => {
        next(Object.assign(new Error('teapot'), { status: 418 }));
      });
      kit.trackErrors(app);
      app.use(answerErrors);
    },
    client: async ({ ask }) => [
      await ask('GET', '/thrown'),
      await ask('GET', '/rejected'),
      await ask('GET', '/passed'),
      await ask('GET', '/client'),
    ],
    flows: ['GET /client ok 418', 'GET /passed error 500', 'GET /rejected error 500', 'GET /thrown error 500'],
  },
  {
    name: 'an error after the head was sent',
    routes(app, kit) {
      app.get('/late', (_req, res, next) => {
        res.write('begun');
        kit.open('begun');
        void kit.until('client has it').then(() => {
          next(new Error('too late'));
        });
      });
      // The default handler prints what it is given, unless the environment is that of tests.
      app.set('env', 'test');
      kit.trackErrors(app);
      app.use(answerErrors);
    },
    async client(kit) {
      const client = kit.connect();
      client.send('GET /late HTTP/1.1\r\nHost: parity.test\r\n\r\n');
      await client.until('begun');
      kit.open('client has it');
      const { bytes } = await client.closed();
      return bytes.toString('latin1').split('\r\n\r\n')[1];
    },
    flows: ['GET /late error 200'],
  },
  {
    name: 'files: whole, a range, one that is not there, a download',
    routes(app, { express }) {
      app.use('/static', (req, res, next) => {
        express.static(path.dirname(req.get('x-file') ?? ''), { lastModified: false, etag: false })(req, res, next);
      });
      app.get('/download', (req, res) => {
        res.download(req.get('x-file') ?? '', 'name.txt', { lastModified: false, etag: false });
      });
    },
    client: ({ ask }) =>
      withFile(async (file) => [
        await ask('GET', '/static/page.txt', { headers: { 'X-File': file } }),
        await ask('GET', '/static/page.txt', { headers: { 'X-File': file, Range: 'bytes=2-4' } }),
        await ask('GET', '/static/page.txt', { headers: { 'X-File': file, Range: 'bytes=99-' } }),
        await ask('GET', '/static/none.txt', { headers: { 'X-File': file } }),
        await ask('GET', '/download', { headers: { 'X-File': file } }),
      ]),
    flows: [
      'GET /download ok 200',
      'GET /static/none.txt ok 404',
      'GET /static/page.txt ok 200',
      'GET /static/page.txt ok 206',
      'GET /static/page.txt ok 416',
    ],
  },
];
