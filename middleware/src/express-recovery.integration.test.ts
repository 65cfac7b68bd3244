import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import express, { Router, type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { Redis } from 'ioredis';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { freePort } from '../../test/support/free-port';
import { redisUrl, uniquePrefix } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';
import { errorHandler, flowTracking, type Flow, type FlowTracking, type FlowTrackingOptions } from './index';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

interface TestServer {
  url: string;
  tracking: FlowTracking;
}

/** A tracked server; all of it is closed when `use` has ended. */
async function withServer(
  options: FlowTrackingOptions,
  routes: (app: Express, tracking: FlowTracking) => void,
  use: (server: TestServer) => Promise<void>,
): Promise<void> {
  const tracking = flowTracking({ redis: redisUrl(), prefix, partitions: 1, logger: silent, ...options });
  const app = express();
  routes(app, tracking);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tracking });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await tracking.close(500);
  }
}

async function streamEvents(redis: Redis): Promise<FlowEvent[]> {
  const entries = await redis.xrange(keys.stream(0), '-', '+');
  return entries.flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent));
}

const starts = (events: readonly FlowEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'flow_start' ? [event.name] : []));

/** Stands before the tests' Redis and can be taken away, which looks from here as if that were killed. */
async function createDoor(): Promise<{ url: string; shut(): Promise<void>; open(): Promise<void> }> {
  const target = new URL(redisUrl());
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const port = await freePort();
  const open = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await open();
  const url = new URL(target);
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    open,
    async shut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
  };
}

describe('a Redis that is killed and comes back', () => {
  it('gets what was recorded meanwhile, once and in order, and monitoring works again', async () => {
    const door = await createDoor();
    const redis = new Redis(redisUrl());
    const listener = redis.duplicate();
    const messages: string[] = [];
    listener.on('message', (_channel, message) => messages.push(message));
    await listener.subscribe(keys.live('after'));
    try {
      await withServer(
        { redis: door.url },
        (app, tracking) => {
          app.use(tracking);
          app.post('/api/:x', (req, res) => {
            req.flow.identify({ userId: req.params.x });
            req.flow.checkpoint('auth_check');
            res.json({ ok: true });
          });
        },
        async ({ url, tracking }) => {
          const post = async (path: string): Promise<void> => {
            const response = await fetch(url + path, { method: 'POST' });
            expect(response.status).toBe(200);
            await response.text();
          };
          await post('/api/before');
          await waitFor('the end is recorded', () => tracking.stats().recorded === 4);
          expect(await tracking.flush()).toBe(true);

          await door.shut();
          await waitFor('the loss is noticed', () => !tracking.stats().connected);
          await post('/api/away');
          await waitFor('its end is recorded', () => tracking.stats().recorded === 8);
          expect(tracking.stats()).toMatchObject({ recorded: 8, written: 4, queued: { events: 4 } });
          // Nobody tells the middleware of this grant: it finds it when it reads the set again.
          await redis.zadd(keys.monitoring, Date.now() + 60_000, 'after');

          await door.open();
          await waitFor('what was kept is written', () => tracking.stats().written === 8);
          await waitFor('the grant is known', () => tracking.stats().monitoring.users === 1);
          await post('/api/after');
          await waitFor('the end is published', () => messages.some((message) => message.includes('"flow_end"')));
          const events = await streamEvents(redis);
          expect(starts(events)).toEqual(Array(3).fill('POST /api/:x'));
          expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
          expect(tracking.stats().dropped).toEqual({ queue_full: 0, closed: 0 });
        },
      );
    } finally {
      await door.shut();
      await redis.del(keys.stream(0), keys.monitoring);
      listener.disconnect();
      redis.disconnect();
    }
  });
});

describe('close', () => {
  it('leaves nothing behind that keeps the process alive when Redis was never there', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const failures: string[] = [];
    const tracking = flowTracking({
      redis: `redis://127.0.0.1:${await freePort()}`,
      logger: { ...silent, warn: (_fields, message) => failures.push(message) },
    });
    tracking.startFlow({ name: 'job' }).end();
    await waitFor('a connection has failed', () => failures.length > 0);
    await tracking.close(50);
    await waitFor('no timer is left', () => timers() <= before, 1000);
  });
});

describe('a request', () => {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(redisUrl());
  });
  beforeEach(async () => {
    await redis.del(keys.stream(0));
  });
  afterAll(async () => {
    await redis.del(keys.stream(0));
    await redis.quit();
  });

  const untilEnded = (): Promise<FlowEvent[]> =>
    waitFor('the flow has ended', async () => {
      const events = await streamEvents(redis);
      return events.some(({ type }) => type === 'flow_end') && events;
    });

  it('whose client left before the middleware had it is aborted', async () => {
    const arrived = new AbortController();
    const slow: RequestHandler = (_req, res, next) => {
      res.once('close', next);
      arrived.abort();
    };
    await withServer(
      {},
      (app, tracking) => {
        app.use(slow, tracking);
        app.get('/', (req, res) => {
          res.json({ aborted: req.flow.signal.aborted });
        });
      },
      async ({ url }) => {
        const client = new AbortController();
        const answer = fetch(url, { signal: client.signal });
        if (!arrived.signal.aborted) await once(arrived.signal, 'abort');
        client.abort();
        await expect(answer).rejects.toThrow('aborted');
        expect((await untilEnded()).at(-1)).toMatchObject({ type: 'flow_end', status: 'aborted' });
      },
    );
  });

  it('is asked for its user in its own async context when its start comes late', async () => {
    const users = new AsyncLocalStorage<string>();
    const answers: (() => void)[] = [];
    await withServer(
      { userId: () => users.getStore() },
      (app, tracking) => {
        app.use((req, _res, next) => {
          users.run(req.get('x-user') ?? '', next);
        });
        app.use(tracking);
        app.get('/', (_req, res) => {
          answers.push(() => res.end());
        });
      },
      async ({ url }) => {
        const requests = ['ann', 'bob'].map((user) => fetch(url, { headers: { 'x-user': user } }));
        const told = await waitFor('both starts', async () => {
          const events = await streamEvents(redis);
          return events.length === 2 && events;
        });
        expect(told.map((event) => event.type === 'flow_start' && event.user_id).sort()).toEqual(['ann', 'bob']);
        for (const answer of answers) answer();
        await Promise.all(requests);
      },
    );
  });

  it('is named by mount path and route below a router', async () => {
    await withServer(
      {},
      (app, tracking) => {
        const router = Router();
        router.post('/:x', (req, res) => {
          req.flow.checkpoint('auth_check');
          res.end();
        });
        app.use(tracking);
        app.use('/api', router);
      },
      async ({ url }) => {
        await fetch(`${url}/api/7`, { method: 'POST' });
        expect(starts(await untilEnded())).toEqual(['POST /api/:x']);
      },
    );
  });

  it('is named so, too, when the handler throws before anything was recorded', async () => {
    await withServer(
      {},
      (app, tracking) => {
        const router = Router();
        router.get('/:x', () => {
          throw new Error('boom');
        });
        app.use(tracking);
        app.use('/api', Router().use('/v1', router));
        app.use(errorHandler(), ((_error, _req, res, _next) => {
          res.sendStatus(500);
        }) satisfies ErrorRequestHandler);
      },
      async ({ url }) => {
        await fetch(`${url}/api/v1/7?x=1`);
        const events = await untilEnded();
        expect(starts(events)).toEqual(['GET /api/v1/:x']);
        expect(events.at(-1)).toMatchObject({ status: 'error', error: { message: 'boom' } });
      },
    );
  });

  it('survives options whose functions reject', async () => {
    const reject = (): never => Promise.reject(new Error('async')) as never;
    await withServer(
      { userId: reject, sessionId: reject, name: reject, ignore: reject },
      (app, tracking) => {
        app.use(tracking);
        app.get('/', (_req, res) => {
          res.end();
        });
      },
      async ({ url, tracking }) => {
        expect((await fetch(url)).status).toBe(200);
        expect(starts(await untilEnded())).toEqual(['GET /']);
        expect(tracking.stats().misused.invalid_id).toBeGreaterThan(0);
      },
    );
  });
});

describe('startFlow', () => {
  it('takes whatever it is given', async () => {
    await withServer(
      {},
      () => undefined,
      async ({ tracking }) => {
        const anything = tracking as unknown as { startFlow: (details?: unknown) => Flow };
        anything.startFlow().end();
        anything.startFlow({ name: 'job', traceId: 'x'.repeat(300), userId: Number.NaN }).end();
        expect(await tracking.flush()).toBe(true);
        const redis = new Redis(redisUrl());
        // Every event passes the protocol's parser.
        expect(starts(await streamEvents(redis))).toEqual(['flow', 'job']);
        await redis.del(keys.stream(0));
        await redis.quit();
        expect(tracking.stats().misused.invalid_id).toBeGreaterThan(0);
      },
    );
  });
});
