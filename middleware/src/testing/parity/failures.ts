import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Kit, Scenario } from './run-scenario';

/** An error whose stack, which Express answers with, does not name the layers above it. */
function failure(message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { stack: `Error: ${message}\n    at a handler` }, more);
}

/** Rejects, as an async handler does in Express 5; Express 4 has to be told. */
function rejecting({ major }: Kit, error: unknown): RequestHandler {
  const handle = async (): Promise<void> => {
    await Promise.resolve();
    throw error;
  };
  if (major === 5) return handle;
  return (_req, _res, next) => void handle().catch(next);
}

const answerError: ErrorRequestHandler = (error: Error | string, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  res.status(500).json({ caught: typeof error === 'string' ? error : error.message });
};

/** What goes wrong in handlers. */
export const FAILURES: readonly Scenario[] = [
  {
    name: 'a handler that throws, answered by Express',
    routes(app) {
      app.get('/throw/:id', () => {
        throw failure('boom');
      });
    },
    client: ({ ask }) => ask('GET', '/throw/1'),
    flows: ['GET /throw/:id error 500'],
  },
  {
    name: 'a handler that throws, answered by the application',
    routes(app, { trackErrors }) {
      app.get('/throw', () => {
        throw failure('boom');
      });
      app.get('/text', (_req, _res, next) => {
        next('just a text');
      });
      trackErrors(app);
      app.use(answerError);
    },
    client: async ({ ask }) => [await ask('GET', '/throw'), await ask('GET', '/text')],
    flows: ['GET /text error 500', 'GET /throw error 500'],
  },
  {
    name: 'a promise that rejects, with an error and with nothing',
    routes(app, kit) {
      app.get('/reject', rejecting(kit, failure('later')));
      app.get('/nothing', rejecting(kit, undefined));
      kit.trackErrors(app);
      app.use(answerError);
    },
    client: async ({ ask }) => [await ask('GET', '/reject'), await ask('GET', '/nothing')],
    // In Express 4, to pass nothing on is to go on.
    flows: (major) => ['GET /reject error 500', major === 5 ? 'GET /nothing error 500' : 'GET /nothing ok 404'],
  },
  {
    name: 'errors with a 4xx status, and with headers',
    routes(app) {
      app.get('/teapot', () => {
        throw failure('short and stout', { status: 418, headers: { 'X-Tea': 'Earl Grey' } });
      });
      app.get('/code', (_req, _res, next) => {
        next(failure('gone', { statusCode: 410, expose: true }));
      });
      app.get('/unavailable', () => {
        throw failure('not now', { status: 503 });
      });
    },
    client: async ({ ask }) => [
      await ask('GET', '/teapot'),
      await ask('GET', '/code'),
      await ask('GET', '/unavailable'),
    ],
    flows: ['GET /code ok 410', 'GET /teapot ok 418', 'GET /unavailable error 503'],
  },
  {
    name: 'a parameter that cannot be decoded',
    routes(app, { trackErrors }) {
      app.get('/p/:id', (_req, res) => {
        res.send('never');
      });
      trackErrors(app);
      app.use(((error: Error & { status?: number }, req, res, _next) => {
        res.status(error.status ?? 500).json({ name: error.name, params: req.params });
      }) satisfies ErrorRequestHandler);
    },
    client: ({ ask }) => ask('GET', '/p/%ZZ'),
    flows: ['GET /p/%ZZ ok 400'],
  },
  {
    name: 'an error after the answer has begun, which cuts the connection',
    routes(app) {
      app.get('/sync', (_req, res, next) => {
        res.write('half', () => {
          next(failure('too late'));
        });
      });
      app.get('/complete', (_req, res, next) => {
        res.send('all of it');
        next(failure('after the end'));
      });
    },
    client: async ({ ask }) => [await ask('GET', '/sync'), await ask('GET', '/complete')],
    flows: ['GET /complete error 200', 'GET /sync error 200'],
  },
  {
    name: 'errors that are handled halfway: a router answers, a handler goes on, a handler fails itself',
    routes(app, { express }) {
      const router = express.Router();
      router.get('/inside', () => {
        throw failure('inside');
      });
      router.use(((error: Error, _req, res, _next) => {
        res.status(422).send(error.message);
      }) satisfies ErrorRequestHandler);
      app.use('/router', router);
      app.get('/recover', (_req, _res, next) => {
        next(failure('passing'));
      });
      app.use('/recover', ((_error, _req, _res, next) => {
        next();
      }) satisfies ErrorRequestHandler);
      app.get('/recover', (_req, res) => {
        res.send('recovered');
      });
      app.get('/worse', () => {
        throw failure('bad');
      });
      app.use('/worse', (() => {
        throw failure('worse');
      }) as unknown as ErrorRequestHandler & { length: 4 });
    },
    client: async ({ ask }) => [
      await ask('GET', '/router/inside'),
      await ask('GET', '/recover'),
      await ask('GET', '/worse'),
    ],
    flows: ['GET /recover ok 200', 'GET /router/inside ok 422', 'GET /worse error 500'],
  },
];
