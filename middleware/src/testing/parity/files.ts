import type { ErrorRequestHandler } from 'express';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestBytes } from './raw-client';
import type { Scenario } from './run-scenario';

/** Files of a known age, since their entity tags tell it. */
export interface Files {
  readonly dir: string;
  remove(): void;
}

export function makeFiles(): Files {
  const dir = mkdtempSync(join(tmpdir(), 'flow-parity-'));
  mkdirSync(join(dir, 'sub'));
  const files: Record<string, string> = {
    'small.txt': '0123456789',
    'sub/index.html': '<p>index</p>',
    '.hidden': 'hidden',
    'large.bin': 'large file '.repeat(500_000),
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dir, name), text);
    utimesSync(join(dir, name), 1_764_050_000, 1_764_050_000);
  }
  return {
    dir,
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Answers that are files. */
export const filesScenarios = (dir: () => string): readonly Scenario[] => [
  {
    name: 'express.static: whole, HEAD, ranges, conditions, directories and what is not there',
    routes(app, { express }) {
      app.use('/static', express.static(dir(), { maxAge: 1000 }));
    },
    async client({ ask }) {
      const first = await ask('GET', '/static/small.txt');
      const tag = /^ETag: (.*)\r$/m.exec(first)?.[1] ?? '';
      const withHeader = (name: string, value: string): Promise<string> =>
        ask('GET', '/static/small.txt', { headers: { [name]: value } });
      return [
        first,
        await ask('HEAD', '/static/small.txt'),
        await ask('GET', '/static/large.bin'),
        await withHeader('Range', 'bytes=2-4'),
        await withHeader('Range', 'bytes=-3'),
        await withHeader('Range', 'bytes=0-1,4-5'),
        await withHeader('If-None-Match', tag),
        await withHeader('If-Modified-Since', 'Thu, 01 Jan 2032 00:00:00 GMT'),
        await ask('GET', '/static/sub'),
        await ask('GET', '/static/sub/'),
        await ask('GET', '/static/.hidden'),
        await ask('POST', '/static/small.txt'),
      ];
    },
    flows: [
      'GET /static/.hidden ok 404',
      'GET /static/large.bin ok 200',
      ...Array<string>(2).fill('GET /static/small.txt ok 200'),
      ...Array<string>(2).fill('GET /static/small.txt ok 206'),
      ...Array<string>(2).fill('GET /static/small.txt ok 304'),
      'GET /static/sub ok 301',
      'GET /static/sub/ ok 200',
      'HEAD /static/small.txt ok 200',
      'POST /static/small.txt ok 404',
    ],
  },
  {
    name: 'errors of express.static',
    routes(app, { express, trackErrors }) {
      app.use(express.static(dir(), { fallthrough: false }));
      trackErrors(app);
      app.use(((error: Error & { status?: number; headers?: object }, _req, res, _next) => {
        // A message with the path of a temporary directory is alike in both runs, for it is the same one.
        res.status(error.status ?? 500).json({ message: error.message, headers: error.headers });
      }) satisfies ErrorRequestHandler);
    },
    client: async ({ ask }) => [
      await ask('GET', '/nothing'),
      await ask('GET', '/small.txt', { headers: { Range: 'bytes=90-' } }),
      await ask('GET', '/%2e%2e/secret'),
      await ask('GET', '/small.txt%00'),
    ],
    flows: ['GET /%2e%2e/secret ok 403', 'GET /nothing ok 404', 'GET /small.txt ok 416', 'GET /small.txt%00 ok 400'],
  },
  {
    name: 'res.sendFile and res.download, with their callbacks',
    routes(app, { note }) {
      const told =
        (what: string) =>
        (error?: Error & { status?: number }): void => {
          note(`${what}: ${error === undefined ? 'done' : error.status}`);
        };
      app.get('/file/:name', (req, res, next) => {
        res.sendFile(req.params.name, { root: dir(), headers: { 'X-File': 'yes' } }, (error) => {
          told('sendFile')(error);
          if (error !== undefined && !res.headersSent) next();
        });
      });
      app.get('/download', (_req, res) => {
        res.download(join(dir(), 'small.txt'), 'größe "1".txt', told('download'));
      });
    },
    client: async ({ ask }) => [
      await ask('GET', '/file/small.txt'),
      await ask('GET', '/file/large.bin', { headers: { Range: 'bytes=100-4000000' } }),
      await ask('GET', '/file/nothing'),
      await ask('GET', '/download'),
    ],
    flows: ['GET /download ok 200', 'GET /file/:name ok 200', 'GET /file/:name ok 206', 'GET /file/:name ok 404'],
  },
  {
    name: 'a client that leaves amid res.sendFile',
    routes(app, { note, open }) {
      app.get('/file', (_req, res) => {
        res.sendFile('large.bin', { root: dir() }, (error) => {
          note(`sendFile: ${(error as NodeJS.ErrnoException).code}`);
          open('told');
        });
      });
    },
    async client({ connect, until }) {
      const client = connect();
      client.send(requestBytes('GET', '/file'));
      await client.until('large file');
      client.leave();
      await client.closed();
      await until('told');
    },
    flows: ['GET /file aborted 200'],
  },
];
