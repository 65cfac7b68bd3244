import type { Flow } from '../../index';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Application, Request, RequestHandler, Response } from 'express';
import type { Scenario } from './run-scenario';

const users = new AsyncLocalStorage<string>();

/** The flow, which requests lack in the run without us. */
const flowOf = (req: Request): Flow | undefined => req.flow;

/** Answers with all that Express tells a handler of where it is. */
const where = (app: Pick<Application, 'get' | 'post'>, path: string): void => {
  app.get(path, (req, res) => {
    flowOf(req)?.checkpoint('here');
    const { baseUrl, url, originalUrl, path, params } = req;
    res.json({ baseUrl, url, originalUrl, path, params, mountpath: req.app.mountpath, locals: res.locals });
  });
};

/** How a request finds its handlers, and the name that its flow has by them. */
export const ROUTING: readonly Scenario[] = [
  {
    name: 'a route with a parameter',
    routes(app) {
      app.post('/ask/:id', (req, res) => {
        res.json(req.params);
      });
    },
    client: async ({ ask }) => [
      await ask('POST', '/ask/1?secret=x'),
      await ask('POST', '/ask/2'),
      await ask('GET', '/ask/3'),
    ],
    flows: ['GET /ask/3 ok 404', 'POST /ask/:id ok 200', 'POST /ask/:id ok 200'],
  },
  {
    name: 'next, next("route") and next("router")',
    routes(app, { express, note }) {
      const router = express.Router();
      router.get(
        '/a',
        (_req, _res, next) => {
          note('first of a');
          next('route');
        },
        () => {
          note('never');
        },
      );
      router.get('/a', (_req, _res, next) => {
        note('second a');
        next('router');
      });
      router.use(() => {
        note('never');
      });
      app.use(router);
      app.use((_req, _res, next) => {
        note('between');
        next();
      });
      app.get('/:any', (_req, res) => {
        res.send('any');
      });
    },
    client: ({ ask }) => ask('GET', '/a'),
    flows: ['GET /:any ok 200'],
  },
  {
    name: 'a router that is mounted under two paths',
    routes(app, { express }) {
      const router = express.Router();
      where(router as Application, '/item/:id');
      app.use('/v1', router);
      app.use(['/v2', '/latest'], router);
    },
    client: async ({ ask }) => [
      await ask('GET', '/v1/item/1'),
      await ask('GET', '/v2/item/2'),
      await ask('GET', '/latest/item/3'),
    ],
    flows: ['GET /latest/item/:id ok 200', 'GET /v1/item/:id ok 200', 'GET /v2/item/:id ok 200'],
  },
  {
    name: 'a router below a parameter, which it merges',
    routes(app, { express }) {
      const router = express.Router({ mergeParams: true, strict: true });
      where(router as Application, '/');
      app.use('/user/:user', router);
    },
    client: async ({ ask }) => [await ask('GET', '/user/ann/'), await ask('GET', '/user/bob/nothing')],
    flows: ['GET /user/ann ok 200', 'GET /user/bob/nothing ok 404'],
  },
  {
    name: 'an application within an application',
    routes(app, { express, note }) {
      const sub = express();
      sub.on('mount', () => {
        note('mounted');
      });
      sub.use((req, res, next) => {
        res.locals['recording'] = req.flow === undefined || flowOf(req)?.recording;
        next();
      });
      where(sub, '/here/:id');
      sub.get('/fail', () => {
        throw Object.assign(new Error('sub'), { stack: 'Error: sub' });
      });
      app.use('/sub', sub);
      where(app, '/here/:id');
    },
    client: async ({ ask }) => [
      await ask('GET', '/sub/here/1'),
      await ask('GET', '/here/2'),
      await ask('GET', '/sub/fail'),
      await ask('GET', '/sub/nowhere'),
    ],
    flows: ['GET /here/:id ok 200', 'GET /sub/fail error 500', 'GET /sub/here/:id ok 200', 'GET /sub/nowhere ok 404'],
  },
  {
    name: 'the middleware twice, in the application and in the one within',
    routes(app, { express, track, trackErrors }) {
      const sub = express();
      track(sub);
      where(sub, '/here');
      sub.get('/fail', (_req, _res, next) => {
        next(Object.assign(new Error('sub'), { stack: 'Error: sub' }));
      });
      trackErrors(sub);
      app.use('/sub', sub);
    },
    client: async ({ ask }) => [await ask('GET', '/sub/here'), await ask('GET', '/sub/fail')],
    flows: ['GET /sub/fail error 500', 'GET /sub/here ok 200'],
  },
  {
    name: 'the middleware for one router and for one route only',
    mountsItself: true,
    routes(app, { express, track, tracking, note }) {
      const router = express.Router();
      track(router);
      where(router as Application, '/in/:id');
      app.use('/router', router);
      app.get('/route/:id', tracking, (req: Request, res: Response) => {
        flowOf(req)?.checkpoint('here');
        res.json(req.params);
      });
      app.get('/none', (req, res) => {
        note(`a flow: ${flowOf(req) !== undefined}`);
        res.send('none');
      });
    },
    client: async ({ ask }) => [
      await ask('GET', '/router/in/1'),
      await ask('GET', '/router/nowhere'),
      await ask('GET', '/route/2'),
      await ask('GET', '/none'),
    ],
    flows: ['GET /route/:id ok 200', 'GET /router/in/:id ok 200', 'GET /router/nowhere ok 404'],
  },
  {
    name: 'handlers by app.all, by lists, by regular expressions, and by parameters',
    routes(app, { note }) {
      app.param('id', (_req, _res, next, id: string) => {
        note(`param ${id}`);
        next();
      });
      app.all('/all/:id', (_req, _res, next) => {
        next();
      });
      const answer: RequestHandler = (req, res) => {
        res.send(req.params['id']);
      };
      app.put('/all/:id', [answer]);
      app.get(/^\/x(\d+)$/, (req, res) => {
        res.send(req.params[0]);
      });
      app
        .route('/chain')
        .get((_req, res) => {
          res.send('get');
        })
        .post((_req, res) => {
          res.send('post');
        });
    },
    client: async ({ ask }) => [
      await ask('PUT', '/all/7'),
      await ask('GET', '/x12'),
      await ask('POST', '/chain'),
      await ask('PATCH', '/chain'),
    ],
    flows: ['GET /^\\/x(\\d+)$/ ok 200', 'PATCH /chain ok 404', 'POST /chain ok 200', 'PUT /all/:id ok 200'],
  },
  {
    name: 'a URL that is rewritten, and a request that is handed to the application again',
    routes(app) {
      app.use((req, _res, next) => {
        if (req.url === '/alias') req.url = '/real/1';
        next();
      });
      where(app, '/real/:id');
      app.get('/again', (req, res, next) => {
        req.url = '/real/2';
        (app as unknown as { handle: typeof app }).handle(req, res, next);
      });
    },
    client: async ({ ask }) => [await ask('GET', '/alias'), await ask('GET', '/again')],
    flows: ['GET /real/:id ok 200', 'GET /real/:id ok 200'],
  },
  {
    name: 'the turn and async context of what stands before us, and the request and response themselves',
    before(app, { note }) {
      app.use((req, _res, next) => {
        users.run(req.get('X-User') ?? '', next);
        note('the handler has been called');
      });
    },
    routes(app, { note }) {
      app.get('/context', async (req, res) => {
        const own = (target: object): string =>
          Reflect.ownKeys(target)
            .map(String)
            .filter((key) => key !== 'flow')
            .join();
        note(`request ${own(req)}`);
        note(`response ${own(res)}`);
        note(`listeners of the request ${req.eventNames().join()}`);
        note(`before ${users.getStore()}`);
        await new Promise((resolve) => setImmediate(resolve));
        note(`after ${users.getStore()}`);
        res.on('finish', () => {
          note(`finish ${users.getStore()}`);
        });
        res.end();
      });
    },
    async client({ ask }) {
      return [
        await ask('GET', '/context', { headers: { 'X-User': 'ann' } }),
        await ask('GET', '/context', { headers: { 'X-User': 'bob' } }),
      ];
    },
    flows: ['GET /context ok 200', 'GET /context ok 200'],
  },
];
