import { redisKeys, type FlowEvent, type RedisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import type { Client } from 'pg';
import { request, startTestBridge } from '../support/bridge';
import { addEvents, chatFlow, untilSettled } from '../support/flow-events';
import { connectHistory } from '../support/history-rows';
import { inFull } from '../support/length';
import { startTestRedis, type TestRedis } from '../support/redis-server';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../support/services';
import { waitFor } from '../support/wait-for';

/*
 * What producers and operators may do to the way from the streams into Postgres. Whatever it is, events that are in order
 * get in, and what does not is counted and told.
 */

const SETTLED_MS = 120_000;
const FULL_REDIS_BYTES = 60 * 1024 * 1024;

let server: TestRedis;
let redis: Redis;
let database: TestDatabase;
let client: Client;
let keys: RedisKeys;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  server = await startTestRedis({ 'maxmemory-policy': 'noeviction' });
  redis = new Redis(server.url);
});

afterAll(async () => {
  await redis.quit();
  await server.remove();
});

beforeEach(async () => {
  await redis.flushall();
  const prefix = uniquePrefix();
  keys = redisKeys(prefix);
  database = await createTestDatabase();
  const env = { REDIS_URL: server.url, FLOW_STALLED_AFTER_S: '1' };
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env });
  client = await connectHistory(database.url);
});

afterEach(async () => {
  await redis.config('SET', 'maxmemory', '0');
  await bridge.stop();
  await client.end();
  await database.drop();
});

const settled = (): Promise<void> => untilSettled(redis, keys, { timeoutMs: SETTLED_MS });

/** A flow of ended checkpoints with these names. */
function flowOf(names: readonly string[], attributes: Record<string, unknown> = {}): FlowEvent[] {
  const [start] = chatFlow() as [FlowEvent];
  const { flow_id, ts } = start;
  const nodes = names.map((checkpoint, i) => ({
    type: 'checkpoint' as const,
    flow_id,
    seq: i + 1,
    ts: ts + i,
    node_id: i + 1,
    parent_id: null,
    checkpoint,
    status: 'ok' as const,
    duration_ms: 1,
    attributes: attributes as Record<string, number>,
  }));
  return [start, ...nodes];
}

/** Adds a flow in order, and returns a promise of its checkpoints in history. */
async function neighbour(partition = 0): Promise<() => Promise<number>> {
  const events = chatFlow();
  await addEvents(redis, keys, events, partition);
  return async () => {
    const sql = 'SELECT count(*)::int AS n FROM flow.checkpoints WHERE flow_id = $1';
    return (await client.query<{ n: number }>(sql, [events[0]?.flow_id])).rows[0]?.n ?? 0;
  };
}

async function addTrigger(table: 'flows' | 'checkpoints', body: string): Promise<void> {
  await client.query(
    `CREATE FUNCTION attack() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$`,
  );
  await client.query(`CREATE TRIGGER attack BEFORE INSERT ON flow.${table} FOR EACH ROW EXECUTE FUNCTION attack()`);
}

async function deadReasons(): Promise<string[]> {
  const letters = await redis.xrange(keys.dead, '-', '+');
  return letters.map(([, fields]) => String(fields[fields.indexOf('reason') + 1]));
}

const metrics = async (): Promise<string> => (await fetch(`${bridge.url}/metrics`)).text();

describe('a poisoned entry', () => {
  it.each([
    ['halves of surrogate pairs', ['a\ud83d', 'a\ud83c']],
    ['NUL and what replaces it', ['a\0', 'a\ufffd']],
  ])('with two names that only cleaning makes equal (%s) is written', async (_what, names) => {
    await addEvents(redis, keys, flowOf(names));
    const written = await neighbour();
    await settled();
    expect(await written()).toBe(3);
    const sql = 'SELECT checkpoint, count::int FROM flow.checkpoint_stats WHERE slot_s = 60 AND checkpoint LIKE $1';
    expect((await client.query(sql, ['a_'])).rows).toEqual([{ checkpoint: 'a\ufffd', count: 2 }]);
    expect(await deadReasons()).toEqual([]);
  });

  it('on which Postgres drops the connection is dead-lettered, and the others are written', async () => {
    await addTrigger(
      'checkpoints',
      `IF NEW.checkpoint = 'kill' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;`,
    );
    await addEvents(redis, keys, [...flowOf(['first', 'kill', 'last'])]);
    const written = await neighbour();
    await settled();
    expect(await written()).toBe(3);
    const sql = 'SELECT checkpoint FROM flow.checkpoints WHERE checkpoint IN ($1, $2, $3) ORDER BY 1';
    const { rows } = await client.query(sql, ['first', 'kill', 'last']);
    expect(rows).toEqual([{ checkpoint: 'first' }, { checkpoint: 'last' }]);
    expect(await deadReasons()).toHaveLength(1);
  }, 150_000);

  if (inFull()) {
    it('that takes longer than any statement may is dead-lettered, and the others are written', async () => {
      await addTrigger('checkpoints', `IF NEW.checkpoint = 'sleep' THEN PERFORM pg_sleep(60); END IF;`);
      await addEvents(redis, keys, [...flowOf(['first', 'sleep', 'last'])]);
      const written = await neighbour();
      await settled();
      expect(await written()).toBe(3);
      expect(await deadReasons()).toEqual([expect.stringContaining('statement timeout')]);
    }, 150_000);
  }

  it('of random hostile events never stops its partition', async () => {
    const random = createRandom(20_260_101);
    for (let entry = 0; entry < 150; entry++) {
      await addEvents(redis, keys, hostileEvents(random), entry % 2);
    }
    const written = await Promise.all([neighbour(0), neighbour(1)]);
    await settled();
    for (const count of written) expect(await count()).toBe(3);
  }, 150_000);
});

describe('a Postgres that is ill', () => {
  it('and refuses everything as if the data were at fault costs no event', async () => {
    await addTrigger('flows', `RAISE EXCEPTION 'maintenance';`);
    const written = await neighbour();
    await waitFor('a failure', async () =>
      (await metrics()).includes('flow_bridge_failing{work="history_write",partition="0"'),
    );
    expect(await deadReasons()).toEqual([]);
    await client.query('DROP TRIGGER attack ON flow.flows');
    await settled();
    expect(await written()).toBe(3);
    expect(await deadReasons()).toEqual([]);
  }, 150_000);

  it('at 6 ms a row gets all of 150 entries of 10 events', async () => {
    await addTrigger('checkpoints', 'PERFORM pg_sleep(0.006);');
    const names = Array.from({ length: 9 }, (_, i) => `step_${i}`);
    const entries = Array.from({ length: 150 }, () => JSON.stringify(flowOf(names)));
    const pipeline = redis.pipeline();
    for (const events of entries) pipeline.xadd(keys.stream(0), '*', 'events', events);
    await pipeline.exec();
    await settled();
    const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM flow.checkpoints');
    expect(rows[0]?.n).toBe(1_350);
    expect(await deadReasons()).toEqual([]);
  }, 150_000);

  if (inFull()) {
    it('that holds a lock on a table costs no event', async () => {
      await client.query('BEGIN; LOCK TABLE flow.checkpoints IN ACCESS EXCLUSIVE MODE');
      const events = chatFlow();
      await addEvents(redis, keys, events);
      await waitFor(
        'a failure',
        async () => (await metrics()).includes('flow_bridge_failing{work="history_write"'),
        60_000,
      );
      await client.query('COMMIT');
      await settled();
      const { rows } = await client.query('SELECT FROM flow.checkpoints WHERE flow_id = $1', [events[0]?.flow_id]);
      expect(rows).toHaveLength(3);
      expect(await deadReasons()).toEqual([]);
    }, 150_000);
  }
});

describe('dead letters', () => {
  it('of 60 KB each do not fill Redis, and those that made room are counted', async () => {
    await redis.config('SET', 'maxmemory', String(FULL_REDIS_BYTES));
    const block = JSON.stringify([{ type: 'nonsense', text: 'x'.repeat(60_000) }]);
    for (let i = 0; i < 1_000; i++) {
      await redis.xadd(keys.stream(0), '*', 'events', block);
      if (i % 50 === 49) await settled();
    }
    const written = await neighbour();
    await settled();
    expect(await written()).toBe(3);
    const letters = await redis.xlen(keys.dead);
    expect(letters).toBeGreaterThan(100);
    expect(letters * 60_000).toBeLessThan(17 * 1024 * 1024);
    const dropped = /^flow_bridge_history_dead_letters_dropped_total (\d+)$/m.exec(await metrics())?.[1];
    expect(Number(dropped)).toBe(1_000 - letters);
  }, 150_000);

  it('that Redis refuses, as it is full, hold up nothing', async () => {
    await redis.xadd(keys.stream(0), '*', 'events', '[{"type":"nonsense"}]');
    await settled();
    const used = /^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1];
    const pipeline = redis.pipeline();
    for (let i = 0; i < 20; i++) pipeline.xadd(keys.stream(0), '*', 'events', '[{"type":"nonsense"}]');
    const events = chatFlow();
    pipeline.xadd(keys.stream(0), '*', 'events', JSON.stringify(events));
    await redis.multi().config('SET', 'maxmemory', '0').exec();
    await pipeline.exec();
    await redis.config('SET', 'maxmemory', String(Math.min(Number(used), 1_000_000)));
    await settled();
    await redis.config('SET', 'maxmemory', '0');
    const { rows } = await client.query('SELECT FROM flow.checkpoints WHERE flow_id = $1', [events[0]?.flow_id]);
    expect(rows).toHaveLength(3);
  }, 150_000);
});

describe('a stream that can not be measured', () => {
  const lagOf = (partition: number): RegExp =>
    new RegExp(`^flow_bridge_history_lag_seconds\\{partition="${partition}"\\}`, 'm');

  if (inFull()) {
    it('for its type leaves the other series, is told, and does not stop the sweeper', async () => {
      const events = chatFlow({ startedTs: Date.now() - 20_000 });
      await addEvents(redis, keys, events.slice(0, 5));
      await settled();
      await redis.set(keys.stream(1), 'no stream');
      const text = await waitFor('the other series', async () => {
        const now = await metrics();
        return lagOf(0).test(now) && !lagOf(1).test(now) && now.includes('stream_measure') && now;
      });
      expect(text).toMatch(/flow_bridge_failing\{work="stream_measure",partition="1",reason="WRONGTYPE"\} 1/);
      const { status, body } = await request(`${bridge.url}/readyz`);
      expect([status, body.status, body.checks.history]).toEqual([200, 'ok', expect.stringContaining('partition 1')]);
      await waitFor(
        'the flow counts as stalled',
        async () => /^flow_bridge_flows_stalled 1$/m.test(await metrics()),
        30_000,
      );
      await redis.del(keys.stream(1));
      await waitFor('the failure is over', async () => !(await metrics()).includes('flow_bridge_failing{'), 30_000);
      expect((await request(`${bridge.url}/readyz`)).body.checks.history).toBe('ok');
    }, 90_000);
  }

  it('since Redis is full is measured all the same', async () => {
    await redis.xadd(keys.stream(0), '*', 'events', '[]');
    await settled();
    await redis.config('SET', 'maxmemory', '1000000');
    await waitFor('Redis is full', () =>
      redis.set('x', 'y').then(
        () => false,
        () => true,
      ),
    );
    expect(await metrics()).toMatch(lagOf(0));
  });
});

describe('tokens', () => {
  it('beyond any sense do not dead-letter other flows of that name', async () => {
    const tokens = { 'gen_ai.usage.output_tokens': 2 ** 53 - 1 };
    for (let flow = 0; flow < 11; flow++) {
      await addEvents(redis, keys, flowOf(Array<string>(100).fill('llm'), tokens));
    }
    await settled();
    const events = flowOf(['llm'], { 'gen_ai.usage.output_tokens': 7 });
    await addEvents(redis, keys, events);
    await settled();
    const { rows } = await client.query<{ output_tokens: string }>(
      'SELECT output_tokens FROM flow.checkpoints WHERE flow_id = $1',
      [events[0]?.flow_id],
    );
    expect(rows).toEqual([{ output_tokens: '7' }]);
    expect(await deadReasons()).toEqual([]);
  });
});

/** Numbers from 0 to 1 that are the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const HOSTILE: readonly unknown[] = [
  'a\ud83d',
  'a\ud83c',
  'a\0',
  'a\ufffd',
  '',
  '__proto__',
  'x'.repeat(255),
  'é'.repeat(127),
  null,
  -1,
  0,
  2 ** 31 - 1,
  2 ** 53 - 1,
  1e18,
  1e308,
  253_402_300_799_999,
  [],
  {},
  { type: 'a\0', message: '\ud800' },
  { 'gen_ai.usage.input_tokens': 2 ** 53 - 1, 'a\0': 1, 'a\ufffd': 2 },
  true,
];
const FIELDS = [
  'ts',
  'seq',
  'node_id',
  'parent_id',
  'checkpoint',
  'status',
  'duration_ms',
  'attributes',
  'error',
  'user_id',
  'session_id',
  'name',
  'started_ts',
  'type',
];

/** Events of two flows, some of them with a field that is hostile or gone. */
function hostileEvents(random: () => number): unknown[] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  return [...chatFlow(), ...flowOf(['a\ud83d', 'a\0', 'b'])].map((event) =>
    random() < 0.6 ? event : { ...event, [pick(FIELDS)]: pick(HOSTILE) },
  );
}
