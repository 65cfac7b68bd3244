import { CHECK_FLOW, redisKeys, type Check, type CheckList } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { request, startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow, untilSettled } from '../../../test/support/flow-events';
import { startTestRedis, type TestRedis } from '../../../test/support/redis-server';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { startTcpProxy } from '../../../test/support/tcp-proxy';
import { waitFor } from '../../../test/support/wait-for';
import { checkRedisChain } from './redis-checks';
import { createRedisInspection } from './redis-inspection';

const TOKENS = { FLOW_READ_TOKENS: 'read-token-of-the-checks', FLOW_CONTROL_TOKENS: 'control-token-of-the-checks' };
const CONTROL = { headers: { authorization: `Bearer ${TOKENS.FLOW_CONTROL_TOKENS}` } };
const READ = { headers: { authorization: `Bearer ${TOKENS.FLOW_READ_TOKENS}` } };
/** What a run may take. */
const LIMIT_MS = 10_000;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url });
  // A server that is stopped on purpose ends idle connections.
  pool.on('error', () => undefined);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

type TestBridge = Awaited<ReturnType<typeof startTestBridge>>;

async function withBridge(env: Record<string, string>, work: (bridge: TestBridge) => Promise<void>): Promise<void> {
  const bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix: uniquePrefix(),
    env: { ...TOKENS, ...env },
  });
  try {
    await work(bridge);
  } finally {
    await bridge.stop();
  }
}

async function runChecks({ url }: TestBridge, query = ''): Promise<CheckList & { of: (id: string) => Check }> {
  const startedAt = performance.now();
  const { status, body } = await request(`${url}/api/v1/checks${query}`, CONTROL);
  expect([status, body.error]).toEqual([200, undefined]);
  expect(performance.now() - startedAt).toBeLessThan(LIMIT_MS);
  const list = body as CheckList;
  const of = (id: string): Check => {
    const found = list.checks.find((check) => check.id === id);
    if (found === undefined) throw new Error(`no check ${id}`);
    return found;
  };
  return { ...list, of };
}

const statuses = ({ checks }: CheckList): string[] => checks.map(({ id, status }) => `${id} ${status}`);
/** Redis without an application that records: that is all there is to find. */
const FINE = [
  'redis_reachable ok',
  'redis_version ok',
  'redis_memory_policy ok',
  'redis_persistence ok',
  'streams ok',
  'stream_groups ok',
  'stream_lag ok',
  'dead_letters ok',
  'middlewares warn',
  'postgres_reachable ok',
  'postgres_version ok',
  'postgres_schema ok',
  'postgres_partitions ok',
  'clocks ok',
  'bridge ok',
  'history_writer ok',
  'tokens ok',
  'flow_recorded ok',
  'flow_live ok',
  'flow_stored ok',
];

const flowsOfChecks = async (): Promise<string[]> =>
  (
    await pool.query<{ flow_id: string }>('SELECT flow_id FROM flow.flows WHERE user_id = $1', [CHECK_FLOW.user])
  ).rows.map((row) => row.flow_id);

describe('checks on servers that are well', () => {
  let redis: TestRedis;
  let client: Redis;
  beforeAll(async () => {
    redis = await startTestRedis();
    client = new Redis(redis.url);
  });
  afterAll(async () => {
    await client.quit();
    await redis.remove();
  });

  it('find nothing, follow a flow and take it away again', async () => {
    await withBridge({ REDIS_URL: redis.url }, async (bridge) => {
      await waitFor('the groups are there', async () => (await runChecks(bridge)).of('stream_groups').status === 'ok');
      const list = await runChecks(bridge);
      expect([statuses(list), list.of('postgres_partitions').detail]).toEqual([FINE, expect.any(String)]);
      for (const id of ['flow_recorded', 'flow_live', 'flow_stored']) expect(list.of(id).detail).toMatch(/\d\.\d ms/);
      expect(list.flow_id).toBeNull();
      expect(await flowsOfChecks()).toEqual([]);
    });
  });

  it('keep the flow when asked to, and count it nowhere', async () => {
    await withBridge({ REDIS_URL: redis.url }, async (bridge) => {
      const { flow_id } = await runChecks(bridge, '?keep_flow=true');
      const { body } = await request(`${bridge.url}/api/v1/flows/${flow_id}`, READ);
      expect(body.flow).toMatchObject({ user_id: CHECK_FLOW.user, status: 'ok', checkpoint_count: 1 });
      expect(body.checkpoints).toMatchObject([{ checkpoint: CHECK_FLOW.checkpoint, status: 'ok', duration_ms: 1 }]);
      const { rows } = await pool.query('SELECT FROM flow.checkpoint_stats WHERE checkpoint = $1', [
        CHECK_FLOW.checkpoint,
      ]);
      expect(rows).toEqual([]);
      await pool.query('DELETE FROM flow.flows WHERE flow_id = $1', [flow_id]);
    });
  });

  it('see an application, and whether a user is monitored', async () => {
    const prefix = uniquePrefix();
    const bridge = await startTestBridge({
      databaseUrl: database.url,
      prefix,
      env: { ...TOKENS, REDIS_URL: redis.url },
    });
    try {
      await client.zadd(redisKeys(prefix).processes, Date.now(), 'PROCESS1');
      const user = '#h?x&y=1';
      const query = `?user=${encodeURIComponent(user)}`;
      expect((await runChecks(bridge, query)).of('monitoring')).toMatchObject({
        status: 'warn',
        detail: expect.stringContaining('is not monitored'),
      });
      await request(`${bridge.url}/api/v1/monitoring/enable${query}`, { method: 'POST', ...CONTROL });
      const list = await runChecks(bridge, query);
      expect([list.of('monitoring').status, list.of('middlewares').status]).toEqual(['ok', 'ok']);
      await client.zrem(redisKeys(prefix).monitoring, user);
      expect((await runChecks(bridge, query)).of('monitoring')).toMatchObject({
        status: 'fail',
        detail: expect.stringContaining('nothing of it'),
      });
    } finally {
      await bridge.stop();
    }
  });

  it('say that Redis evicts: a failure once it has a limit', async () => {
    await withBridge({ REDIS_URL: redis.url }, async (bridge) => {
      await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
      expect((await runChecks(bridge)).of('redis_memory_policy')).toMatchObject({
        status: 'warn',
        detail: expect.stringContaining('allkeys-lru'),
        fix: expect.stringContaining('noeviction'),
      });
      await client.config('SET', 'maxmemory', '1gb');
      expect((await runChecks(bridge)).of('redis_memory_policy').status).toBe('fail');
      await client.config('SET', 'maxmemory', '0');
      await client.config('SET', 'maxmemory-policy', 'noeviction');
    });
  });

  it('say that Redis is full, and look at the rest all the same', async () => {
    await withBridge({ REDIS_URL: redis.url }, async (bridge) => {
      await client.config('SET', 'maxmemory', '1mb');
      const list = await runChecks(bridge);
      await client.config('SET', 'maxmemory', '0');
      expect(list.of('flow_recorded')).toMatchObject({ status: 'fail', detail: expect.stringContaining('OOM') });
      expect([list.of('flow_live').status, list.of('postgres_reachable').status]).toEqual(['skip', 'ok']);
    });
  });

  it('say which events were refused, and which stream nobody reads', async () => {
    const prefix = uniquePrefix();
    const keys = redisKeys(prefix);
    const bridge = await startTestBridge({
      databaseUrl: database.url,
      prefix,
      env: { ...TOKENS, REDIS_URL: redis.url },
    });
    try {
      await addEvents(client, keys, [{ type: 'nonsense' }]);
      await untilSettled(client, keys);
      await addEvents(client, keys, chatFlow(), 3);
      const list = await runChecks(bridge);
      expect(list.of('dead_letters')).toMatchObject({ status: 'warn', detail: expect.stringContaining(keys.dead) });
      expect(list.of('streams')).toMatchObject({ status: 'fail', detail: expect.stringContaining(keys.stream(3)) });
    } finally {
      await bridge.stop();
    }
  });

  it('say that a key of another type has the name of a stream', async () => {
    const prefix = uniquePrefix();
    await client.set(redisKeys(prefix).stream(1), 'text');
    const bridge = await startTestBridge({
      databaseUrl: database.url,
      prefix,
      env: { ...TOKENS, REDIS_URL: redis.url },
    });
    try {
      const list = await runChecks(bridge);
      expect(list.of('streams')).toMatchObject({ status: 'fail', detail: expect.stringContaining('WRONGTYPE') });
      expect(list.of('history_writer')).toMatchObject({
        status: 'fail',
        detail: expect.stringContaining('partition 1'),
      });
      expect(list.of('flow_stored').status).toBe('ok');
    } finally {
      await bridge.stop();
    }
  });

  it('say that a stream or its group is missing', async () => {
    const keys = redisKeys(uniquePrefix());
    // No bridge: it would make them again.
    const sources = {
      redis: createRedisInspection(client, keys, async () => void (await client.ping())),
      keys,
      partitions: 2,
      lag: async () => [],
    };
    await client.xgroup('CREATE', keys.stream(0), 'others', '0', 'MKSTREAM');
    const checks = await checkRedisChain(sources);
    const of = (id: string) => checks.find((check) => check.id === id);
    expect(of('streams')).toMatchObject({ status: 'fail', detail: `Missing: ${keys.stream(1)}` });
    expect(of('stream_groups')).toMatchObject({
      status: 'fail',
      detail: `No group ${keys.group} on ${keys.stream(0)}`,
    });
    expect(of('stream_lag')).toMatchObject({ status: 'fail' });
  });
});

describe('checks of a server that fails', () => {
  it('say that Redis is away, and look at Postgres all the same', async () => {
    const redis = await startTestRedis();
    try {
      await withBridge({ REDIS_URL: redis.url }, async (bridge) => {
        await redis.signal('SIGKILL');
        const list = await runChecks(bridge, '?user=1');
        const failing = list.checks.filter(({ status }) => status === 'fail');
        expect(failing.map(({ id }) => id)).toContain('redis_reachable');
        expect(list.of('redis_reachable').fix).toContain('REDIS_URL');
        expect(list.of('streams')).toMatchObject({
          status: 'skip',
          detail: expect.stringContaining('redis_reachable'),
        });
        expect(list.of('flow_recorded').status).toBe('skip');
        expect([list.of('postgres_schema').status, list.of('bridge').status]).toEqual(['ok', 'ok']);
      });
    } finally {
      await redis.remove();
    }
  });

  it('say that Redis hangs, in time', async () => {
    const redis = await startTestRedis();
    try {
      await withBridge({ REDIS_URL: redis.url }, async (bridge) => {
        await redis.signal('SIGSTOP');
        expect((await runChecks(bridge)).of('redis_reachable').status).toBe('fail');
        await redis.signal('SIGCONT');
      });
    } finally {
      await redis.remove();
    }
  });

  it('say that Postgres is away, and see the flow live all the same', async () => {
    const { port, hostname } = new URL(database.url);
    expect(hostname).toMatch(/localhost|127/);
    const proxy = await startTcpProxy(Number(port));
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const bridge = await startTestBridge({ databaseUrl: url.href, prefix: uniquePrefix(), env: TOKENS });
    try {
      await proxy.close();
      const list = await runChecks(bridge);
      expect(list.of('postgres_reachable')).toMatchObject({
        status: 'fail',
        fix: expect.stringContaining('DATABASE_URL'),
      });
      expect(list.of('postgres_schema').status).toBe('skip');
      expect([list.of('redis_reachable').status, list.of('flow_live').status]).toEqual(['ok', 'ok']);
      expect(list.of('flow_stored').status).toBe('skip');
    } finally {
      await bridge.stop();
    }
    // Nobody waits for it: it does not come later.
    expect(await flowsOfChecks()).toEqual([]);
  });

  it('say which migration has not run, and which one is of a newer bridge', async () => {
    await withBridge({}, async (bridge) => {
      await pool.query('DELETE FROM flow.schema_migrations WHERE version = 5');
      expect((await runChecks(bridge)).of('postgres_schema')).toMatchObject({
        status: 'fail',
        detail: 'Not run: 0005_add_alerts.sql',
        fix: expect.stringContaining('npm run migrate'),
      });
      await pool.query("INSERT INTO flow.schema_migrations (version, name) VALUES (5, 'add_alerts'), (9999, 'later')");
      expect((await runChecks(bridge)).of('postgres_schema')).toMatchObject({
        status: 'warn',
        detail: expect.stringContaining('9999'),
      });
      await pool.query('DELETE FROM flow.schema_migrations WHERE version = 9999');
    });
  });

  it('say that flows fell into the default partition, and that today has none', async () => {
    await withBridge({}, async (bridge) => {
      await pool.query(`INSERT INTO flow.flows (flow_day, flow_id, session_id, session_seq, user_seq, last_seq, started_at, last_event_at)
        VALUES ('2099-01-01', '00000000000000000000000000', 's', 0, -1, 0, now(), now())`);
      expect((await runChecks(bridge)).of('postgres_partitions')).toMatchObject({
        status: 'warn',
        detail: expect.stringMatching(/^1 flows are in the default partition/),
      });
      await pool.query('DELETE FROM flow.flows_default');
      const today = new Date().toISOString().slice(0, 10);
      const table = `flow.flows_p${today.replaceAll('-', '')}`;
      await pool.query(`ALTER TABLE ${table} RENAME TO flows_away`);
      expect((await runChecks(bridge)).of('postgres_partitions')).toMatchObject({
        status: 'fail',
        detail: `No partition for ${today}`,
      });
      await pool.query(`ALTER TABLE flow.flows_away RENAME TO flows_p${today.replaceAll('-', '')}`);
    });
  });
});

describe('who may run checks', () => {
  it('is whoever has a control token, however the path is written', async () => {
    await withBridge({}, async ({ url }) => {
      for (const path of ['/api/v1/checks', '/api/v1/checks/', '/API/v1/Checks']) {
        const { status, body } = await request(url + path, READ);
        expect([path, status, body.error.code]).toEqual([path, 403, 'forbidden']);
      }
      expect((await request(`${url}/api/v1/checks`)).body.error.code).toBe('unauthorized');
      expect((await request(`${url}/api/v1/checks`, { method: 'POST', ...CONTROL })).body.error.code).toBe(
        'method_not_allowed',
      );
      expect((await request(`${url}/api/v1/checks?user=`, CONTROL)).body.error.code).toBe('invalid_request');
    });
  });

  it('is one at a time, and so often a minute', async () => {
    await withBridge({ FLOW_CONTROL_RATE_PER_MINUTE: '3' }, async ({ url }) => {
      const both = await Promise.all([1, 2].map(() => request(`${url}/api/v1/checks`, CONTROL)));
      expect(both.map(({ status, body }) => String(body.error?.code ?? status)).sort()).toEqual(['200', 'busy']);
      expect((await request(`${url}/api/v1/checks`, CONTROL)).status).toBe(200);
      expect((await request(`${url}/api/v1/checks`, CONTROL)).body.error.code).toBe('rate_limited');
    });
  });

  it('says that no tokens are set', async () => {
    await withBridge({ FLOW_READ_TOKENS: '', FLOW_CONTROL_TOKENS: '' }, async ({ url }) => {
      const { body } = await request(`${url}/api/v1/checks`);
      expect((body as CheckList).checks.find(({ id }) => id === 'tokens')).toMatchObject({ status: 'warn' });
    });
  });
});
