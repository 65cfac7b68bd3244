import { render } from './raw-client';
import type { Scenario } from './run-scenario';

/** Answers that are written at once. */
export const ANSWERS: readonly Scenario[] = [
  {
    name: 'JSON',
    routes(app) {
      app.get('/json/:id', (req, res) => {
        res.json({ id: req.params['id'], query: req.query, url: req.url, path: req.path });
      });
    },
    client: ({ ask }) => ask('GET', '/json/7?deep[a]=1&b=%20x'),
    flows: ['GET /json/:id ok 200'],
  },
  {
    name: 'status, cookies, repeated and removed headers',
    routes(app) {
      app.get('/headers', (_req, res) => {
        res.status(201).append('X-Many', 'a').append('X-Many', 'b').cookie('a', '1').cookie('b', 'ü');
        res.removeHeader('X-Powered-By');
        res.set('ETag', '"fixed"').type('text').send('grün');
      });
    },
    client: ({ ask }) => ask('GET', '/headers'),
    flows: ['GET /headers ok 201'],
  },
  {
    name: 'a head by writeHead, with its own reason and raw headers',
    routes(app) {
      app.get('/raw', (_req, res) => {
        res.writeHead(299, 'Quite fine', ['X-Case', '1', 'x-case', '2']);
        res.end('body');
      });
    },
    client: ({ ask }) => ask('GET', '/raw'),
    flows: ['GET /raw ok 299'],
  },
  {
    name: 'HEAD, OPTIONS and an empty 204',
    routes(app) {
      app.get('/thing', (_req, res) => {
        res.json({ some: 'thing' });
      });
      app.delete('/thing', (_req, res) => {
        res.status(204).json({ never: 'sent' });
      });
    },
    client: async ({ ask }) => [
      await ask('HEAD', '/thing'),
      await ask('OPTIONS', '/thing'),
      await ask('DELETE', '/thing'),
    ],
    flows: ['DELETE /thing ok 204', 'HEAD /thing ok 200', 'OPTIONS /thing ok 200'],
  },
  {
    name: '304 for the entity tag of the answer before',
    routes(app) {
      app.get('/tagged', (_req, res) => {
        res.set('Cache-Control', 'no-cache').send('the same each time');
      });
    },
    async client({ ask }) {
      const first = await ask('GET', '/tagged');
      const tag = /^ETag: (.*)\r$/m.exec(first)?.[1] ?? '';
      return [first, await ask('GET', '/tagged', { headers: { 'If-None-Match': tag } })];
    },
    flows: ['GET /tagged ok 200', 'GET /tagged ok 304'],
  },
  {
    name: 'redirects',
    routes(app) {
      app.get('/old', (_req, res) => {
        res.redirect('/new?a=b');
      });
      app.get('/moved', (_req, res) => {
        res.redirect(308, 'https://example.test/');
      });
    },
    client: async ({ ask }) => [
      await ask('GET', '/old'),
      await ask('GET', '/moved', { headers: { Accept: 'text/html' } }),
    ],
    flows: ['GET /moved ok 308', 'GET /old ok 302'],
  },
  {
    name: '404 by the default handler',
    routes: () => undefined,
    client: async ({ ask }) => [await ask('GET', '/nowhere?secret=1'), await ask('POST', '/', { body: 'x' })],
    flows: ['GET /nowhere ok 404', 'POST / ok 404'],
  },
  {
    name: 'trailers both ways',
    routes(app, { note }) {
      app.post('/trailers', (req, res) => {
        res.set('Trailer', 'X-Sum');
        res.write('part');
        req.resume().on('end', () => {
          note(`trailers ${JSON.stringify(req.trailers)}`);
          res.addTrailers({ 'X-Sum': '42' });
          res.end();
        });
      });
    },
    client: ({ ask }) =>
      ask('POST', `/trailers`, {
        headers: { 'Transfer-Encoding': 'chunked', Trailer: 'X-Check' },
        body: '3\r\nabc\r\n0\r\nX-Check: 7\r\n\r\n',
      }),
    flows: ['POST /trailers ok 200'],
  },
  {
    name: 'informational answers before the final one',
    routes(app, { note }) {
      app.get('/hints', (_req, res) => {
        res.writeProcessing();
        res.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => {
          note('hints written');
          res.send('final');
        });
      });
    },
    client: ({ ask }) => ask('GET', '/hints'),
    flows: ['GET /hints ok 200'],
  },
  {
    name: 'end called twice, and write after end',
    routes(app, { note }) {
      const told =
        (what: string) =>
        (error?: Error | null): void => {
          note(`${what}: ${(error as NodeJS.ErrnoException | undefined)?.code ?? 'done'}`);
        };
      app.get('/twice', (_req, res) => {
        res.write('one', told('write'));
        res.end('two', told('end'));
        note(`again: ${String(res.end('three', told('end again')) === res)}`);
        res.end(told('end without data'));
        note(`ended ${res.writableEnded} finished ${res.writableFinished}`);
      });
      app.get('/late', (_req, res) => {
        res.end('whole');
        note(`write: ${res.write('late', told('late write'))}`);
      });
    },
    client: async ({ ask }) => [await ask('GET', '/twice'), await ask('GET', '/late')],
    flows: ['GET /late ok 200', 'GET /twice ok 200'],
  },
  {
    name: 'HTTP/1.0, which knows no chunks',
    routes(app) {
      app.get('/old', (_req, res) => {
        res.write('a');
        setImmediate(() => res.end('b'));
      });
    },
    async client({ connect }) {
      const client = connect();
      client.send('GET /old HTTP/1.0\r\n\r\n');
      return render(await client.closed());
    },
    flows: ['GET /old ok 200'],
  },
];
