import { redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import express from 'express';
import { Redis } from 'ioredis';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, get as httpGet, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Server as SocketServer } from 'socket.io';
import { currentFlow, flowTracking, type FlowTracking } from '@flow-tracking/express';
import { freePort } from '../support/free-port';
import { startNode, untilHealthy, type TestProcess } from '../support/process';
import { startTestCluster } from '../support/redis-cluster';
import { startTestSentinel } from '../support/redis-sentinel';
import { startTestRedis, type TestRedis } from '../support/redis-server';
import { redisUrl, uniquePrefix } from '../support/services';
import { waitFor } from '../support/wait-for';

const repoRoot = path.join(__dirname, '../..');
const support = (file: string): string => path.join(__dirname, 'support', file);

/** What a process that does not leave is given before it is killed. */
const STUCK_MS = 8000;

const cleanups: (() => unknown)[] = [];
let redis: Redis;

beforeAll(() => {
  redis = new Redis(redisUrl());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => redis.quit());

async function streamEvents(prefix: string, client = redis): Promise<FlowEvent[]> {
  const entries = await client.xrange(redisKeys(prefix).stream(0), '-', '+');
  return entries.flatMap(([, fields]) => JSON.parse(fields[1] ?? '[]') as FlowEvent[]);
}

const ends = async (prefix: string): Promise<string[]> =>
  (await streamEvents(prefix)).flatMap((event) => (event.type === 'flow_end' ? [event.status] : []));

/** Milliseconds until the process has exited with 0. */
async function leaves(process: TestProcess): Promise<number> {
  const startedMs = performance.now();
  const code = await Promise.race([process.exited, delay(STUCK_MS, 'stuck', { ref: false })]);
  if (code !== 0) throw new Error(`Expected to leave with 0, got ${code}; it printed: ${process.output()}`);
  return performance.now() - startedMs;
}

function start(args: readonly string[], env: Record<string, string>): TestProcess {
  const process = startNode(args, { FLOW_PARTITIONS: '1', ...env });
  cleanups.push(async () => {
    process.child.kill('SIGKILL');
    await process.exited;
  });
  return process;
}

/** Accepts connections and says nothing. */
async function silentServer(): Promise<number> {
  const server: TcpServer = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    cleanups.push(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.unshift(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A directory from which the repository's packages are found. */
async function temporaryProject(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'flow-host-'));
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
  await symlink(path.join(repoRoot, 'node_modules'), path.join(dir, 'node_modules'));
  return dir;
}

const JEST_APP = `
const { flowTracking } = require('@flow-tracking/express');
const app = require('express')();
app.use(flowTracking());
app.get('/ask', (req, res) => {
  req.flow.checkpoint('auth_check');
  res.json({ answer: 42 });
});
module.exports = app;
`;

const JEST_SPEC = `
const app = require('./app');
test('answers', async () => {
  const server = await new Promise((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  const response = await fetch('http://127.0.0.1:' + server.address().port + '/ask');
  expect(await response.json()).toEqual({ answer: 42 });
  await new Promise((resolve) => server.close(resolve));
});
`;

type RedisState = 'up' | 'down' | 'connecting' | 'hung';

/** A Redis in that state, and what brings it there once the host runs. */
async function redisThatIs(state: RedisState): Promise<{ url: string; breakIt: () => Promise<void> }> {
  const nothing = (): Promise<void> => Promise.resolve();
  if (state === 'up') return { url: redisUrl(), breakIt: nothing };
  if (state === 'down') return { url: `redis://127.0.0.1:${await freePort()}`, breakIt: nothing };
  if (state === 'connecting') return { url: `redis://127.0.0.1:${await silentServer()}`, breakIt: nothing };
  const own: TestRedis = await startTestRedis();
  cleanups.push(() => own.remove());
  const admin = new Redis(own.url);
  cleanups.push(() => admin.disconnect());
  return {
    url: own.url,
    async breakIt() {
      // The middleware's two connections stand.
      await waitFor('the host is connected', async () => {
        const clients = (await admin.client('LIST')) as string;
        return clients.trim().split('\n').length >= 3;
      });
      await own.signal('SIGSTOP');
    },
  };
}

async function startHost(url: string, env: Record<string, string> = {}) {
  const port = await freePort();
  const prefix = uniquePrefix();
  const host = start([support('leaving-host.mjs')], { PORT: `${port}`, REDIS_URL: url, FLOW_PREFIX: prefix, ...env });
  const base = `http://127.0.0.1:${port}`;
  await untilHealthy(host, `${base}/ask`);
  return { host, base, prefix };
}

describe('a host that closes its server leaves', () => {
  it.each<[RedisState, string, number]>([
    ['up', 'false', 2500],
    ['up', 'true', 2500],
    ['down', 'false', 2500],
    ['down', 'true', 3500],
    ['connecting', 'false', 4000],
    ['connecting', 'true', 5500],
    ['hung', 'false', 4000],
    ['hung', 'true', 5500],
  ])('with Redis %s, close() called: %s, within %i ms', async (state, close, withinMs) => {
    const { url, breakIt } = await redisThatIs(state);
    const { host, base, prefix } = await startHost(url, { CLOSE: close });
    await breakIt();
    await (await fetch(`${base}/ask`)).text();
    host.child.kill('SIGTERM');
    expect(await leaves(host)).toBeLessThan(withinMs);
    if (state === 'up') expect((await ends(prefix)).length).toBeGreaterThanOrEqual(2);
  });

  it('and an endless stream that it cuts off has ended as aborted, whether close() is called or not', async () => {
    for (const CLOSE of ['true', 'false']) {
      const { host, base, prefix } = await startHost(redisUrl(), { CLOSE, CUT_MS: '200' });
      const response = await fetch(`${base}/endless`);
      const reader = response.body?.getReader();
      await reader?.read();
      host.child.kill('SIGTERM');
      expect(await leaves(host)).toBeLessThan(4000);
      expect((await ends(prefix)).sort()).toEqual(expect.arrayContaining(['aborted', 'ok']));
      await reader?.cancel().catch(() => undefined);
    }
  });
});

describe('a program that imports the package and mounts it', () => {
  const script = (last = ''): string[] => [
    '--input-type=module',
    '--eval',
    `import express from 'express';
     import { flowTracking } from '@flow-tracking/express';
     const tracking = flowTracking();
     express().use(tracking);
     ${last}`,
  ];
  const RECORDING = `const flow = tracking.startFlow({ name: 'job' }); flow.checkpoint('step'); flow.end();`;

  it.each<RedisState>(['up', 'down', 'connecting'])('exits by itself with Redis %s', async (state) => {
    const { url } = await redisThatIs(state);
    expect(await leaves(start(script(), { REDIS_URL: url, FLOW_PREFIX: uniquePrefix() }))).toBeLessThan(5000);
  });

  it('writes what it has recorded before it exits', async () => {
    const prefix = uniquePrefix();
    await leaves(start(script(RECORDING), { REDIS_URL: redisUrl(), FLOW_PREFIX: prefix }));
    expect(await ends(prefix)).toEqual(['ok']);
  });

  /** Records, and goes on until all connections stand or have failed. */
  const recordingWith = (redisOption: string): string[] => [
    '--input-type=module',
    '--eval',
    `import { setTimeout } from 'node:timers/promises';
     import { flowTracking } from '@flow-tracking/express';
     const tracking = flowTracking({ redis: ${redisOption}, logger: 'silent' });
     tracking.startFlow({ name: 'job' }).end();
     await tracking.flush(1000);
     await setTimeout(500);`,
  ];

  it('exits by itself with a Redis Cluster, up or down', async () => {
    const cluster = await startTestCluster();
    cleanups.push(() => cluster.remove());
    const nowhere = [`redis://127.0.0.1:${await freePort()}`, `redis://127.0.0.1:${await freePort()}`];
    for (const urls of [cluster.urls, nowhere]) {
      expect(await leaves(start(recordingWith(JSON.stringify(urls)), {}))).toBeLessThan(6000);
    }
  });

  it('exits by itself with Sentinel, up or down', async () => {
    const own = await startTestRedis();
    cleanups.push(() => own.remove());
    const sentinel = await startTestSentinel(own.port);
    cleanups.push(() => sentinel.remove());
    for (const port of [sentinel.port, await freePort()]) {
      const option = JSON.stringify({ sentinels: [{ host: '127.0.0.1', port }], name: 'mymaster' });
      expect(await leaves(start(recordingWith(option), {}))).toBeLessThan(6000);
    }
  });

  it('exits by itself with a client of ioredis 5, up or down', async () => {
    for (const state of ['up', 'down'] as const) {
      const { url } = await redisThatIs(state);
      const client = `new (await import('ioredis5')).Redis('${url}', { lazyConnect: true })`;
      expect(await leaves(start(recordingWith(client), { FLOW_PREFIX: uniquePrefix() }))).toBeLessThan(6000);
    }
  });

  it.each<RedisState>(['up', 'down'])('does not hang Jest, with Redis %s', async (state) => {
    const { url } = await redisThatIs(state);
    const dir = await temporaryProject();
    await writeFile(path.join(dir, 'app.js'), JEST_APP);
    await writeFile(path.join(dir, 'app.spec.js'), JEST_SPEC);
    const jest = path.join(repoRoot, 'node_modules/jest/bin/jest.js');
    const run = start([jest, '--rootDir', dir, '--config', '{"testMatch":["**/*.spec.js"]}', '--watchman=false'], {
      REDIS_URL: url,
      FLOW_PREFIX: uniquePrefix(),
    });
    const code = await Promise.race([run.exited, delay(25_000, 'stuck', { ref: false })]);
    expect({ code, output: run.output() }).toEqual({ code: 0, output: expect.stringContaining('1 passed') as string });
    expect(run.output()).not.toMatch(/did not exit|Cannot log after|torn down|open handle/i);
  });
});

function track(prefix = uniquePrefix()): { tracking: FlowTracking; prefix: string } {
  const tracking = flowTracking({ redis: redisUrl(), prefix, partitions: 1, flush: { idleMs: 10 } });
  cleanups.push(() => tracking.close());
  return { tracking, prefix };
}

async function listen(listener: RequestListener): Promise<{ server: Server; base: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('close()', () => {
  it('after closeAllConnections() records the ends of what was cut off', async () => {
    const { tracking, prefix } = track();
    const app = express();
    app.use(tracking);
    app.get('/endless', (req, res) => {
      req.flow.checkpoint('auth_check');
      res.write('begun');
    });
    const { server, base } = await listen(app);
    const requests = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const request = httpGet(`${base}/endless`);
        const [response] = (await once(request, 'response')) as [IncomingMessage];
        response.on('error', () => undefined);
        request.on('error', () => undefined);
        return request;
      }),
    );
    // What had begun is written, so that close() has nothing to wait for but the ends.
    await waitFor('the begins are written', () => tracking.stats().written === 2 * requests.length);
    const closed = new Promise<void>((resolve, reject) => {
      server.close(() => {
        tracking.close().then(resolve, reject);
      });
    });
    server.closeAllConnections();
    await closed;
    expect(await ends(prefix)).toEqual(requests.map(() => 'aborted'));
  });

  it('logs nothing after it has resolved, called while it connects', async () => {
    const states = await Promise.all([redisThatIs('up'), redisThatIs('down'), redisThatIs('connecting')]);
    for (const { url } of states) {
      const late: string[] = [];
      let isClosed = false;
      const log = (_fields: object, message: string): void => {
        if (isClosed) late.push(message);
      };
      const logger = { debug: log, info: log, warn: log, error: log };
      for (let round = 0; round < 5; round++) {
        isClosed = false;
        const tracking = flowTracking({ redis: url, prefix: uniquePrefix(), logger });
        // From before it connects to the middle of its handshake.
        await delay(round);
        await tracking.close();
        isClosed = true;
        await delay(150);
      }
      expect(late).toEqual([]);
    }
  });

  it('takes less than the 5 s of a hook in Jest, with Redis down and something recorded', async () => {
    const { url } = await redisThatIs('down');
    const tracking = flowTracking({ redis: url, logger: 'silent' });
    tracking.startFlow({ name: 'job' }).end();
    const startedMs = performance.now();
    await tracking.close();
    expect(performance.now() - startedMs).toBeLessThan(4500);
    expect(tracking.stats().dropped.closed).toBe(2);
  });
});

/** The middleware as it is called without Express. */
type Middleware = (req: IncomingMessage, res: object, next?: () => void) => void;

const names = async (prefix: string): Promise<string[]> =>
  (await streamEvents(prefix)).flatMap((event) => (event.type === 'flow_start' ? [event.name] : []));

describe('requests outside of Express are recorded under their path', () => {
  it('with plain http', async () => {
    const { tracking, prefix } = track();
    const middleware = tracking as unknown as Middleware;
    const { base } = await listen((req, res) => {
      middleware(req, res, () => {
        currentFlow().checkpoint('auth_check');
        res.end(String(currentFlow().recording));
      });
    });
    expect(await (await fetch(`${base}/ask/7?token=secret`)).text()).toBe('true');
    await waitFor('the end', async () => (await ends(prefix)).length === 1);
    expect(await names(prefix)).toEqual(['GET /ask/7']);
    expect(tracking.stats().misused.internal).toBe(0);
  });

  it('with plain http and no next', async () => {
    const { tracking, prefix } = track();
    const middleware = tracking as unknown as Middleware;
    const { base } = await listen((req, res) => {
      middleware(req, res);
      (req as express.Request).flow.checkpoint('auth_check');
      res.end('ok');
    });
    expect(await (await fetch(`${base}/ask`)).text()).toBe('ok');
    await waitFor('the end', async () => (await ends(prefix)).length === 1);
    expect(await names(prefix)).toEqual(['GET /ask']);
  });

  it('with Connect, which takes the mount path from the URL', async () => {
    const { tracking, prefix } = track();
    const middleware = tracking as unknown as Middleware;
    const { base } = await listen((req, res) => {
      Object.assign(req, { originalUrl: req.url, url: req.url?.replace('/api', '') });
      middleware(req, res, () => res.end('ok'));
    });
    await (await fetch(`${base}/api/ask`)).text();
    await waitFor('the end', async () => (await ends(prefix)).length === 1);
    expect(await names(prefix)).toEqual(['GET /api/ask']);
  });

  it("with socket.io's engine.use", async () => {
    const { tracking, prefix } = track();
    const { server, base } = await listen((_req, res) => res.end());
    const io = new SocketServer(server, { serveClient: false });
    cleanups.push(() => io.close());
    io.engine.use(tracking);
    const response = await fetch(`${base}/socket.io/?EIO=4&transport=polling`);
    expect(response.status).toBe(200);
    await response.text();
    await waitFor('the end', async () => (await ends(prefix)).length === 1);
    expect(await names(prefix)).toEqual(['GET /socket.io/']);
  });
});

describe('two copies of the package', () => {
  it('share the context and req.flow, and record a request once', async () => {
    const dir = await temporaryProject();
    const copies = ['one', 'two'].map((name) => path.join(dir, name));
    for (const copy of copies) {
      await cp(path.join(repoRoot, 'middleware/dist'), path.join(copy, 'dist'), { recursive: true });
      await cp(path.join(repoRoot, 'middleware/package.json'), path.join(copy, 'package.json'));
    }
    const run = start([support('two-copies.mjs'), ...copies], { REDIS_URL: redisUrl(), FLOW_PREFIX: uniquePrefix() });
    await leaves(run);
    expect(JSON.parse(run.output())).toEqual({ isOther: true, recording: true, same: true, recorded: [3, 0] });
  });
});
