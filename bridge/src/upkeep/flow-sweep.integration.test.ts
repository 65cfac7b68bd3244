import { flowIdProcess, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow } from '../../../test/support/flow-events';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';
import { findStalledFlows } from './flow-sweep-store';
import { markLostFlows } from './lost-flows';
import { createDayPartitions, dropDayPartitions } from './partitions-store';
import { watchProcesses } from './processes';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
const HOUR_MS = 3_600_000;
const limits = { deadAfterMs: 90_000, silentMs: HOUR_MS };
let redis: Redis;
let database: TestDatabase;
let pool: Pool;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url });
  bridge = await startTestBridge({ databaseUrl: database.url, prefix });
});

afterAll(async () => {
  await bridge.stop();
  await pool.end();
  await redis.del(...(await redis.keys(`${prefix}*`)), keys.dead);
  await redis.quit();
  await database.drop();
});

async function statusOf(flowId: string): Promise<unknown> {
  const { rows } = await pool.query('SELECT status, ended_at, duration_ms FROM flow.flows WHERE flow_id = $1', [
    flowId,
  ]);
  return rows[0];
}

/** Adds events and waits until they are in history. */
async function write(events: readonly FlowEvent[]): Promise<void> {
  await addEvents(redis, keys, events);
  await waitFor('the stream is empty', async () => (await redis.xlen(keys.stream(0))) === 0);
}

/** A flow that stands at its `tool_call` since `ageMs`, of a process of its own. */
async function hangingFlow(ageMs: number, process: string): Promise<FlowEvent[]> {
  const events = chatFlow({ startedTs: Date.now() - ageMs });
  const flowId = String(events[0]?.flow_id);
  const own = flowId.slice(0, 10) + process + flowId.slice(18);
  const renamed = events.map((event) => ({ ...event, flow_id: own }));
  await write(renamed.slice(0, 5));
  return renamed;
}

describe('markLostFlows', () => {
  it('marks what a dead process left running, and what an unknown one left for an hour; not what a live one runs', async () => {
    const dead = await hangingFlow(120_000, 'DEADDEAD');
    const justDied = await hangingFlow(30_000, 'DEADDEAD');
    const alive = await hangingFlow(3 * HOUR_MS, 'A11VEA11');
    const unknown = await hangingFlow(HOUR_MS / 2, 'XXXXXXXX');
    const unknownForLong = await hangingFlow(2 * HOUR_MS, 'XXXXXXXX');
    const processes = { alive: ['A11VEA11'], dead: ['DEADDEAD'] };

    const marked = await markLostFlows(pool, processes, limits);
    expect(marked.map((flow) => flow.flowId).sort()).toEqual(
      [dead, unknownForLong].map(([start]) => start?.flow_id).sort(),
    );
    expect(await statusOf(dead[0]!.flow_id)).toMatchObject({ status: 'lost', duration_ms: 5 });
    for (const [start] of [justDied, alive, unknown]) {
      expect(await statusOf(start!.flow_id)).toMatchObject({ status: 'running', ended_at: null });
    }
    expect(await markLostFlows(pool, processes, limits)).toEqual([]);
  });

  it('is taken back by the next event, but not by one that was known', async () => {
    const events = await hangingFlow(2 * HOUR_MS, 'XXXXXXXX');
    const flowId = events[0]!.flow_id;
    await markLostFlows(pool, { alive: [], dead: [] }, limits);
    expect(await statusOf(flowId)).toMatchObject({ status: 'lost' });

    await write(events.slice(0, 5));
    expect(await statusOf(flowId)).toMatchObject({ status: 'lost' });
    await write(events.slice(5, 6));
    expect(await statusOf(flowId)).toMatchObject({ status: 'running', ended_at: null, duration_ms: null });
    await write(events.slice(6));
    expect(await statusOf(flowId)).toMatchObject({ status: 'ok', duration_ms: 21 });
  });
});

describe('watchProcesses', () => {
  it('takes for dead whoever has not changed its sign for 90 s, whatever its clock says', async () => {
    const other = redisKeys(uniquePrefix());
    let nowMs = 0;
    const read = watchProcesses(redis, other, () => nowMs);
    await redis.zadd(other.processes, Date.now() - HOUR_MS, 'slowclck', Date.now() + HOUR_MS, 'fastclck');
    for (; nowMs <= 100_000; nowMs += 10_000) {
      await redis.zadd(other.processes, Date.now() - HOUR_MS + nowMs, 'slowclck');
      const { alive, dead } = await read();
      expect(alive).toContain('slowclck');
      expect(dead).toEqual(nowMs < 90_000 ? [] : ['fastclck']);
    }
    // Nobody was heard for a while: all are given time again.
    nowMs += 60_000;
    expect((await read()).dead).toEqual([]);
    await redis.del(other.processes);
  });
});

describe('findStalledFlows', () => {
  it('names the checkpoint that a silent running flow is at', async () => {
    const [start] = await hangingFlow(80_000, 'STA11ED0');
    const { count, flows } = await findStalledFlows(pool, 60_000, 5);
    expect(count).toBeGreaterThanOrEqual(1);
    const stalled = flows.find((flow) => flow.flow_id === start?.flow_id);
    expect(stalled).toMatchObject({ user_id: '123', name: 'POST /ask/stream', checkpoint: 'tool_call' });
    expect(stalled?.silent_ms).toBeGreaterThan(70_000);
    expect(flowIdProcess(start!.flow_id)).toBe('STA11ED0');
  });
});

describe('retention', () => {
  const tables = async (): Promise<string[]> => {
    const { rows } = await pool.query<{ relname: string }>(
      `SELECT relname FROM pg_class WHERE relnamespace = 'flow'::regnamespace AND relname ~ '_p\\d{8}$' AND relkind = 'r' ORDER BY 1`,
    );
    return rows.map((row) => row.relname);
  };

  it('makes the days ahead and drops the old ones once, whoever of several bridges asks', async () => {
    const now = await tables();
    await pool.query(`SELECT flow.create_day_partitions(current_date - 12, current_date - 9)`);
    const old = chatFlow({ startedTs: Date.now() - 20 * 24 * HOUR_MS });
    await write(old);
    expect((await pool.query('SELECT count(*)::int AS n FROM flow.flows_default')).rows).toEqual([{ n: 1 }]);

    const dropped = await Promise.all([dropDayPartitions(pool, 7), dropDayPartitions(pool, 7)]);
    expect(dropped.reduce((sum, count) => sum + count, 0)).toBe(8);
    expect(await tables()).toEqual(now);
    for (const table of ['flows_default', 'checkpoints_default']) {
      expect((await pool.query(`SELECT count(*)::int AS n FROM flow.${table}`)).rows).toEqual([{ n: 0 }]);
    }
    const { rows } = await pool.query(
      `SELECT count(*)::int AS n FROM flow.checkpoint_stats WHERE slot_at < now() - interval '8 days'`,
    );
    expect(rows).toEqual([{ n: 0 }]);
    expect(await createDayPartitions(pool)).toBe(0);
  });

  it('gives up rather than make writers wait behind a long read', async () => {
    await pool.query(`SELECT flow.create_day_partitions(current_date - 12, current_date - 12)`);
    const reader = await pool.connect();
    try {
      await reader.query('BEGIN; SELECT count(*) FROM flow.flows');
      await expect(dropDayPartitions(pool, 7)).rejects.toThrow('lock timeout');
    } finally {
      await reader.query('ROLLBACK');
      reader.release();
    }
    expect(await dropDayPartitions(pool, 7)).toBe(2);
  });
});
