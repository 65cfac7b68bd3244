import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { Redis } from 'ioredis';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../test/support/free-port';
import { redisUrl, uniquePrefix } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';
import { currentFlow, errorHandler, flowTracking, type FlowTracking, type FlowTrackingOptions } from './index';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let redis: Redis;

beforeAll(() => {
  redis = new Redis(redisUrl());
});

afterAll(async () => {
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
});

/** A server with these routes, tracked; everything is closed when `use` has ended. */
async function withServer(
  options: FlowTrackingOptions,
  routes: (app: Express) => void,
  use: (url: string, tracking: FlowTracking) => Promise<void>,
): Promise<void> {
  const tracking = flowTracking({ redis: redisUrl(), prefix, partitions: 1, logger: silent, ...options });
  const app = express();
  app.use(tracking);
  routes(app);
  app.use(errorHandler());
  app.use(((_error, _req, res, _next) => {
    res.sendStatus(500);
  }) satisfies ErrorRequestHandler);
  const server: Server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, tracking);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await tracking.close(500);
  }
}

/** All events that the stream holds, in its order. */
async function streamEvents(): Promise<FlowEvent[]> {
  const entries = await redis.xrange(keys.stream(0), '-', '+');
  return entries.flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent));
}

/** The events of the flow named so, once it has ended. */
function endedFlow(name: string): Promise<FlowEvent[]> {
  return waitFor(`the flow ${name} has ended`, async () => {
    const events = await streamEvents();
    const start = events.find((event) => event.type === 'flow_start' && event.name === name);
    const own = events.filter((event) => event.flow_id === start?.flow_id);
    return own.some((event) => event.type === 'flow_end') && own;
  });
}

async function setGrant(user: string, expiresTs: number | null): Promise<void> {
  if (expiresTs === null) await redis.zrem(keys.monitoring, user);
  else await redis.zadd(keys.monitoring, expiresTs, user);
  await redis.publish(keys.monitoringChanged, JSON.stringify({ user_id: user, expires_ts: expiresTs }));
}

describe('flowTracking on Express 5', () => {
  it('records a request in order, under the pattern of its route', async () => {
    await withServer(
      {},
      (app) => {
        app.get('/ask/:id', async (req, res) => {
          req.flow.checkpoint('auth_check', { status: 'passed' });
          req.flow.identify({ userId: 7 });
          await req.flow.run('llm_thinking', async () => {
            await delay(1);
            currentFlow().checkpoint('tool_call');
          });
          res.json({ ok: true });
        });
      },
      async (url) => {
        await fetch(`${url}/ask/1?secret=x`);
        const events = await endedFlow('GET /ask/:id');
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
        expect(events).toMatchObject([
          { type: 'flow_start', attributes: { 'http.route': '/ask/:id' } },
          { type: 'checkpoint', checkpoint: 'auth_check', status: 'ok', parent_id: null },
          { type: 'flow_identified', user_id: '7' },
          { type: 'checkpoint', checkpoint: 'llm_thinking', status: 'running', node_id: 3 },
          { type: 'checkpoint', checkpoint: 'tool_call', parent_id: 3 },
          { type: 'checkpoint_end', checkpoint: 'llm_thinking', node_id: 3, status: 'ok' },
          { type: 'flow_end', status: 'ok', http_status: 200 },
        ]);
        expect(JSON.stringify(events)).not.toContain('secret');
      },
    );
  });

  it('publishes a monitored user from the first event on, while the request still runs', async () => {
    const listener = new Redis(redisUrl());
    const frames: { user_id: string; events: FlowEvent[] }[] = [];
    listener.on('message', (_channel, message: string) => frames.push(JSON.parse(message) as (typeof frames)[0]));
    await listener.subscribe(keys.live('ann'), keys.live('bob'));
    let answer: () => void = () => undefined;
    const mayAnswer = new Promise<void>((resolve) => (answer = resolve));
    try {
      await withServer(
        {},
        (app) => {
          app.get('/live/:user', async (req, res) => {
            req.flow.checkpoint('auth_check');
            req.flow.identify({ userId: req.params.user });
            req.flow.begin('llm_thinking');
            if (req.params.user === 'ann') await mayAnswer;
            res.end();
          });
        },
        async (url, tracking) => {
          await waitFor('connected', () => tracking.stats().monitoring.loaded);
          await setGrant('ann', Date.now() + 60_000);
          await waitFor('the grant is known', () => tracking.stats().monitoring.users === 1);
          await (await fetch(`${url}/live/bob`)).text();
          const running = fetch(`${url}/live/ann`);
          const begun = await waitFor('the running checkpoint', () =>
            frames.flatMap(({ events }) => events).find((event) => 'status' in event && event.status === 'running'),
          );
          expect(Date.now() - begun.ts).toBeLessThan(300);
          answer();
          await (await running).text();
          await waitFor('the end', () =>
            frames.flatMap(({ events }) => events).some(({ type }) => type === 'flow_end'),
          );
          expect(new Set(frames.map((frame) => frame.user_id))).toEqual(new Set(['ann']));
          expect(frames.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([0, 1, 2, 3, 4]);
          await setGrant('ann', null);
          await waitFor('the end of the grant is known', () => tracking.stats().monitoring.users === 0);
        },
      );
    } finally {
      listener.disconnect();
    }
  });

  it('says aborted when the client leaves, and aborts the signal', async () => {
    let aborted = false;
    await withServer(
      {},
      (app) => {
        app.get('/leave', async (req, res) => {
          res.write('first');
          await once(req.flow.signal, 'abort');
          aborted = true;
        });
      },
      async (url) => {
        const controller = new AbortController();
        const answer = await fetch(`${url}/leave`, { signal: controller.signal });
        await answer.body?.getReader().read();
        controller.abort();
        expect((await endedFlow('GET /leave')).at(-1)).toMatchObject({ type: 'flow_end', status: 'aborted' });
        expect(aborted).toBe(true);
      },
    );
  });

  it('says timed_out when the request takes longer than the option allows, and lets it go on', async () => {
    let answer: () => void = () => undefined;
    await withServer(
      { timeoutMs: 50 },
      (app) => {
        app.get('/slow', (req, res) => {
          req.flow.begin('llm_thinking');
          answer = () => res.send(String(req.flow.signal.aborted));
        });
      },
      async (url, tracking) => {
        const answered = fetch(`${url}/slow`);
        const events = await endedFlow('GET /slow');
        expect(events.at(-1)).toMatchObject({ type: 'flow_end', status: 'timed_out' });
        answer();
        expect(await (await answered).text()).toBe('false');
        expect(tracking.stats()).toMatchObject({ recorded: events.length, misused: { ended_twice: 0 } });
      },
    );
  });

  it('samples requests out by a function of theirs, but none of a monitored user', async () => {
    await withServer(
      { sample: (req) => req.query['keep'] === 'yes', userId: (req) => req.get('x-user') },
      (app) => {
        app.get('/sampled', (req, res) => {
          req.flow.checkpoint('auth_check');
          res.end();
        });
      },
      async (url, tracking) => {
        await waitFor('loaded', () => tracking.stats().monitoring.loaded);
        await setGrant('watched', Date.now() + 60_000);
        await waitFor('the grant is known', () => tracking.stats().monitoring.users === 1);
        for (const [user, keep] of [
          ['cid', 'no'],
          ['dan', 'yes'],
          ['watched', 'no'],
        ] as const) {
          await (await fetch(`${url}/sampled?keep=${keep}`, { headers: { 'x-user': user } })).text();
        }
        await waitFor('all have ended', () => tracking.stats().sampledOut === 1 && tracking.stats().recorded === 6);
        expect(await tracking.flush()).toBe(true);
        const users = (await streamEvents()).flatMap((event) =>
          event.type === 'flow_start' && event.name === 'GET /sampled' ? [event.user_id] : [],
        );
        expect(users).toEqual(['dan', 'watched']);
        await setGrant('watched', null);
      },
    );
  });

  it('gives the flow the error of its request', async () => {
    await withServer(
      {},
      (app) => {
        app.get('/throw', () => {
          throw new TypeError('boom');
        });
      },
      async (url) => {
        expect((await fetch(`${url}/throw`)).status).toBe(500);
        expect((await endedFlow('GET /throw')).at(-1)).toMatchObject({
          type: 'flow_end',
          status: 'error',
          http_status: 500,
          error: { type: 'TypeError', message: 'boom' },
        });
      },
    );
  });
});

/** As multer does: fails with what the request has for an error. */
const readUpload: RequestHandler = (req, _res, next) => {
  req.on('error', () => undefined);
  req.once('aborted', () => next(new Error('Request aborted')));
  req.resume();
};

describe('a client that leaves in the middle of an upload', () => {
  it.each(['resets the connection', 'ends the connection'])('and %s has aborted its flow', async (how) => {
    const name = how.startsWith('resets') ? '/upload-reset' : '/upload-end';
    await withServer(
      {},
      (app) => {
        app.post(name, readUpload);
      },
      async (url) => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.write(`POST ${name} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nbegun`);
        // Its flow begins when nothing else has been recorded for a while.
        await waitFor('the request is there', async () =>
          (await streamEvents()).some((event) => event.type === 'flow_start' && event.name === `POST ${name}`),
        );
        if (how.startsWith('resets')) socket.resetAndDestroy();
        else socket.end();
        const end = (await endedFlow(`POST ${name}`)).at(-1);
        socket.destroy();
        expect(end).toMatchObject({ type: 'flow_end', status: 'aborted' });
        expect(end).not.toHaveProperty('error');
      },
    );
  });
});

describe('the trace id of a flow', () => {
  const OF_HEADER = '4bf92f3577b34da6a3ce929d0e0e4736';
  const OF_SPAN = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${OF_HEADER}-00f067aa0ba902b7-01`;

  const traceOf = async (name: string): Promise<unknown> => {
    const [start] = await endedFlow(name);
    return start?.type === 'flow_start' ? start.trace_id : undefined;
  };

  it.each<[string, FlowTrackingOptions['traceId'], Record<string, string>, string | undefined]>([
    ['/trace-header', undefined, { traceparent }, OF_HEADER],
    ['/trace-none', undefined, {}, undefined],
    ['/trace-function', () => OF_SPAN, { traceparent }, OF_SPAN],
    ['/trace-function-none', () => undefined, { traceparent }, OF_HEADER],
    ['/trace-otel-none', 'otel', { traceparent }, OF_HEADER],
  ])('at %s is the option, else the header', async (path, traceId, headers, expected) => {
    await withServer(
      { traceId },
      (app) => app.get(path, (_req, res) => res.end()),
      async (url) => {
        await fetch(url + path, { headers });
        expect(await traceOf(`GET ${path}`)).toBe(expected);
      },
    );
  });

  it("is the active span's with the option 'otel', for requests and for flows of startFlow", async () => {
    const span = trace.wrapSpanContext({ traceId: OF_SPAN, spanId: '00f067aa0ba902b7', traceFlags: 1 });
    new NodeTracerProvider().register();
    try {
      await withServer(
        { traceId: 'otel' },
        (app) => {
          app.get('/trace-otel', (_req, res) => {
            context.with(trace.setSpan(context.active(), span), () => {
              currentFlow().checkpoint('auth_check');
              res.end();
            });
          });
        },
        async (url, tracking) => {
          await fetch(`${url}/trace-otel`);
          expect(await traceOf('GET /trace-otel')).toBe(OF_SPAN);
          context.with(trace.setSpan(context.active(), span), () => {
            tracking.startFlow({ name: 'traced job' }).end();
          });
          expect(await traceOf('traced job')).toBe(OF_SPAN);
        },
      );
    } finally {
      for (const api of [trace, context, propagation]) api.disable();
    }
  });
});

describe('without a Redis', () => {
  it('answers every request, keeps what it can, counts the rest, and closes in time', async () => {
    const port = await freePort();
    await withServer(
      { redis: `redis://127.0.0.1:${port}`, limits: { queueEvents: 10 } },
      (app) => {
        app.get('/', (req, res) => {
          for (let i = 0; i < 5; i++) req.flow.checkpoint('auth_check');
          res.json({ ok: true });
        });
      },
      async (url, tracking) => {
        for (let i = 0; i < 5; i++) expect((await fetch(url)).status).toBe(200);
        const { queued, dropped, written, connected } = tracking.stats();
        expect({ connected, written, queued: queued.events }).toEqual({ connected: false, written: 0, queued: 10 });
        expect(dropped.queue_full).toBeGreaterThan(0);
        const begun = Date.now();
        await tracking.close(100);
        expect(Date.now() - begun).toBeLessThan(1_000);
        expect(tracking.stats().dropped.closed).toBe(10);
      },
    );
  });
});

it('has a name of its own for tracers', () => {
  expect(flowTracking({ enabled: false }).name).toBe('flowTracking');
});

it('records nothing and opens no connection when it is off', async () => {
  await withServer(
    { enabled: false },
    (app) => {
      app.get('/off', (req, res) => {
        req.flow.checkpoint('auth_check');
        res.json({ recording: req.flow.recording });
      });
    },
    async (url, tracking) => {
      expect(await (await fetch(`${url}/off`)).json()).toEqual({ recording: false });
      expect(tracking.stats()).toMatchObject({ recorded: 0, connected: false });
    },
  );
});
