import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { request } from '../../test/support/bridge';
import { addEvents, chatFlow } from '../../test/support/flow-events';
import { freePort } from '../../test/support/free-port';
import { connectLive } from '../../test/support/live-client';
import { startNode, untilHealthy, type TestProcess } from '../../test/support/process';
import { startTestRedis } from '../../test/support/redis-server';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';

const MAIN = join(__dirname, '..', 'dist', 'main.js');
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Runs the built bridge with these arguments to its end. */
async function run(args: string[], env: Record<string, string> = {}): Promise<{ code: unknown; output: string }> {
  const process = startNode([MAIN, ...args], env);
  return { code: await process.exited, output: process.output() };
}

describe('the command line', () => {
  it('explains every variable that the README has, and no other', async () => {
    const { code, output } = await run(['--help']);
    expect(code).toBe(0);
    const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
    const table = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1]);
    const help = [...output.matchAll(/^ {2}([A-Z_]+) {2,}/gm)].map((match) => match[1]);
    expect(help.sort()).toEqual(table.sort());
    expect(help.length).toBeGreaterThan(15);
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };
    expect(await run(['--version'])).toEqual({ code: 0, output: `${version}\n` });
  });

  it.each(['--nonsense', '--migrate --connect', '--connect'])('refuses %s', async (args) => {
    const { code, output } = await run(args.split(' '));
    expect([code, output]).toEqual([1, expect.stringContaining(`unknown argument ${args}`)]);
  });

  it('checks the configuration alone, or with the servers', async () => {
    const database = 'postgres://me:secret@127.0.0.1:1/x';
    const nowhere = { REDIS_URL: 'redis://:secret@127.0.0.1:1', DATABASE_URL: database, DATABASE_READ_URL: database };
    expect(await run(['--check-config'], nowhere)).toEqual({ code: 0, output: 'The configuration is valid.\n' });
    const refused = await run(['--check-config', '--connect'], nowhere);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/REDIS_URL: Redis can not be used: .*ECONNREFUSED/);
    expect(refused.output).toMatch(/DATABASE_URL: Postgres can not be used: .*ECONNREFUSED/);
    expect(refused.output).toMatch(/DATABASE_READ_URL: Postgres can not be used: .*ECONNREFUSED/);
    expect(refused.output).not.toContain('secret');
  });

  it('warns of a Redis that may lose history, when asked and at every start', async () => {
    const redis = await startTestRedis({ appendonly: 'no', 'maxmemory-policy': 'allkeys-lru' });
    const port = await freePort();
    const env = { REDIS_URL: redis.url, DATABASE_URL: database.url, FLOW_BRIDGE_PORT: `${port}` };
    try {
      const { code, output } = await run(['--check-config', '--connect'], env);
      expect(code).toBe(0);
      expect(output).toMatch(/warning: Redis may evict the streams \(maxmemory-policy is allkeys-lru\)/);
      expect(output).toMatch(/warning: Redis keeps no append-only file/);
      const bridge = startNode([MAIN], env);
      await waitFor('the start warns', () => /may evict[^]*append-only/.test(bridge.output()));
      // A signal before that ends it at once, with 1.
      await waitFor('it has started', () => bridge.output().includes('Bridge is listening'));
      expect(await bridge.stop()).toBe(0);
    } finally {
      await redis.remove();
    }
  });
});

describe('a stop', () => {
  const prefix = uniquePrefix();
  const keys = redisKeys(prefix);
  let redis: Redis;
  let bridge: TestProcess;
  let url: string;

  beforeAll(() => {
    redis = new Redis(redisUrl());
  });
  afterEach(async () => {
    bridge.child.kill('SIGKILL');
    await bridge.exited;
  });
  afterAll(async () => {
    const left = await redis.keys(`${prefix}*`);
    if (left.length > 0) await redis.del(...left);
    await redis.quit();
  });

  async function start(env: Record<string, string> = {}): Promise<void> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    bridge = startNode([MAIN], {
      REDIS_URL: redisUrl(),
      DATABASE_URL: database.url,
      FLOW_BRIDGE_PORT: `${port}`,
      FLOW_PREFIX: prefix,
      FLOW_PARTITIONS: '1',
      ...env,
    });
    await untilHealthy(bridge, `${url}/readyz`);
  }

  /** A connection that keeps everyone else from `flow.flows` until it commits or ends. */
  async function lockFlows(): Promise<Client> {
    const locker = new Client({ connectionString: database.url });
    await locker.connect();
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE flow.flows IN ACCESS EXCLUSIVE MODE');
    return locker;
  }

  async function untilWaiting(locker: Client, count: number): Promise<void> {
    await waitFor(`${count} statements wait for the lock`, async () => {
      // Within a transaction the activity is else that of the first look.
      await locker.query('SELECT pg_stat_clear_snapshot()');
      const { rows } = await locker.query(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows[0].waiting >= count;
    });
  }

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s with nothing to do ends with 0', async (signal) => {
    await start();
    bridge.child.kill(signal);
    expect(await bridge.exited).toBe(0);
  });

  it('tells load balancers first, then viewers, and finishes the request and the batch under way', async () => {
    await start({ FLOW_DRAIN_S: '1' });
    const viewer = await connectLive(`${url.replace('http', 'ws')}/ws/flows/1`);
    await viewer.next('snapshot');
    const locker = await lockFlows();
    try {
      const events = chatFlow();
      await addEvents(redis, keys, events);
      const underWay = request(`${url}/api/v1/flows`);
      await untilWaiting(locker, 2);

      bridge.child.kill('SIGTERM');
      await waitFor('/readyz says so', async () => (await request(`${url}/readyz`)).body.status === 'stopping');
      expect((await request(`${url}/readyz`)).status).toBe(503);
      expect(await viewer.closed).toBe(1001);
      await expect(fetch(`${url}/healthz`)).rejects.toThrow();
      await locker.query('COMMIT');

      expect((await underWay).status).toBe(200);
      expect(await bridge.exited).toBe(0);
      const { rows } = await locker.query('SELECT status FROM flow.flows WHERE flow_id = $1', [events[0]?.flow_id]);
      expect(rows).toEqual([{ status: 'ok' }]);
      expect(await redis.xlen(keys.stream(0))).toBe(0);
    } finally {
      await locker.end();
    }
  });

  it('is cut short by a second signal', async () => {
    await start({ FLOW_DRAIN_S: '60' });
    bridge.child.kill('SIGTERM');
    await waitFor('/readyz says so', async () => (await request(`${url}/readyz`)).body.status === 'stopping');
    bridge.child.kill('SIGTERM');
    expect(await bridge.exited).toBe(1);
    expect(bridge.output()).toContain('SIGTERM again: ended at once');
  });

  it('is cut short when it hangs, and loses nothing by that', async () => {
    await start();
    const locker = await lockFlows();
    try {
      await addEvents(redis, keys, chatFlow());
      await untilWaiting(locker, 1);
      const stoppedAt = Date.now();
      expect(await bridge.stop()).toBe(1);
      expect(Date.now() - stoppedAt).toBeLessThan(7_000);
      expect(bridge.output()).toContain('cut short');
      expect(await redis.xlen(keys.stream(0))).toBe(1);
    } finally {
      await locker.end();
    }
  });
});
