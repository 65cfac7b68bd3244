import {
  redisKeys,
  type FlowDetail,
  type FlowEndStatus,
  type FlowEvent,
  type FlowStatus,
} from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { markLostFlows, endLeftOpen } from '../bridge/src/upkeep/lost-flows';
import { type FlowView, NO_FLOWS, reduceFlows, viewFlows } from '@flow-tracking/protocol/model';
import { seededRandom, shuffle } from '../protocol/src/testing/sample-events';
import { request, startTestBridge } from './support/bridge';
import { addEvents, chatFlow, untilSettled } from './support/flow-events';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let redis: Redis;
let database: TestDatabase;
let pool: Pool;
let bridges: Awaited<ReturnType<typeof startTestBridge>>[];

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url });
  bridges = [
    await startTestBridge({ databaseUrl: database.url, prefix }),
    await startTestBridge({ databaseUrl: database.url, prefix }),
  ];
});

afterAll(async () => {
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await pool.end();
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
  await database.drop();
});

const OUTCOMES: readonly (FlowEndStatus | 'running')[] = ['ok', 'error', 'aborted', 'timed_out', 'running'];

/** A chat request of which some checkpoints never end, or end after their flow, whose outcome is `status`. */
function openFlow(status: FlowEndStatus | 'running', random: () => number): { events: FlowEvent[]; late: FlowEvent[] } {
  const events = chatFlow({ startedTs: Date.now() - 60_000 });
  const last = events.at(-1)!;
  const end: FlowEvent = {
    ...{ type: 'flow_end', flow_id: last.flow_id, seq: 7, ts: last.ts, duration_ms: 21 },
    status: status === 'running' ? 'ok' : status,
    ...(status === 'error' && { error: { type: 'RateLimitError', message: '429' } }),
  };
  const late: FlowEvent[] = [];
  const kept = events.slice(0, -1).filter((event) => {
    if (event.type !== 'checkpoint_end' || random() < 0.3) return true;
    if (random() < 0.5) late.push({ ...event, ts: event.ts + 30 });
    return false;
  });
  return { events: status === 'running' ? kept : [...kept, end], late };
}

const modelOf = (events: readonly FlowEvent[]): FlowView =>
  viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events }))[0]!;

/** What history and the model have to agree on of a flow and its checkpoints; times to the µs that both keep. */
function comparable({ flow, checkpoints }: Pick<FlowView, 'flow' | 'checkpoints'>): unknown {
  const ms = (value: number | null): number | null => (value === null ? null : Math.round(value * 100) / 100);
  return {
    status: flow.status,
    error_count: flow.error_count,
    checkpoints: checkpoints.map((node) => [
      node.node_id,
      node.checkpoint,
      node.status,
      ms(node.ended_ts),
      ms(node.duration_ms),
      node.error,
      node.end_seq,
      { ...node.attributes },
    ]),
  };
}

async function historyOf(flowId: string): Promise<FlowDetail> {
  return (await request(`${bridges[0]!.url}/api/v1/flows/${flowId}`)).body as FlowDetail;
}

/** Adds events in random blocks, order and repetition, through both partitions. */
async function deliver(events: readonly FlowEvent[], random: () => number): Promise<void> {
  const all = shuffle([...events, ...events.filter(() => random() < 0.5)], random);
  for (let at = 0, block = 0; at < all.length; block++) {
    const size = 1 + Math.floor(random() * 12);
    await addEvents(redis, keys, all.slice(at, at + size), block % 2);
    at += size;
  }
  await untilSettled(redis, keys);
}

const rowsOf = async (text: string): Promise<unknown[]> => (await pool.query<Record<string, unknown>>(text)).rows;

const STATS = `SELECT slot_s, extract(epoch FROM slot_at)::int AS slot, checkpoint, count::int, errors::int, input_tokens::int,
  round(duration_sum_ms::numeric, 2)::text AS ms, (SELECT sum(n) FROM unnest(histogram) AS h(n))::int AS in_histogram
FROM flow.checkpoint_stats WHERE count <> 0 ORDER BY 1, 2, 3`;

const COUNTED = `SELECT slot_s, (floor(extract(epoch FROM coalesce(ended_at, started_at)) / slot_s) * slot_s)::int AS slot, checkpoint,
  count(*)::int AS count, (count(*) FILTER (WHERE status = 'error'))::int AS errors,
  coalesce(sum(input_tokens), 0)::int AS input_tokens, round(sum(duration_ms)::numeric, 2)::text AS ms, count(*)::int AS in_histogram
FROM flow.checkpoints, unnest(ARRAY[60, 600, 3600]) AS s(slot_s) WHERE status <> 'running' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

const UNENDED_COUNTS = `SELECT f.flow_id, f.unended_count, count(p.*)::int AS counted FROM flow.flows AS f
LEFT JOIN flow.checkpoints AS p ON p.flow_day = f.flow_day AND p.flow_id = f.flow_id AND p.unended AND p.end_seq IS NULL
GROUP BY 1, 2 HAVING f.unended_count <> count(p.*)`;

async function expectAgreement(flows: readonly FlowEvent[][]): Promise<void> {
  for (const events of flows) {
    const history = await historyOf(events[0]!.flow_id);
    expect(comparable(history)).toEqual(comparable(modelOf(events)));
  }
  expect(await rowsOf(STATS)).toEqual(await rowsOf(COUNTED));
  expect(await rowsOf(UNENDED_COUNTS)).toEqual([]);
}

describe('checkpoints that outlive their flow', () => {
  it.each([1, 2, 3])('stand alike in the panel, history and statistics, whatever the order (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const flows = Array.from({ length: 30 }, (_, i) => openFlow(OUTCOMES[i % OUTCOMES.length] ?? 'ok', random));
    const open = flows.flatMap(({ events }) => modelOf(events).checkpoints).map((node) => node.status);
    for (const status of ['running', 'error', 'aborted', 'timed_out']) expect(open).toContain(status);

    await deliver(
      flows.flatMap(({ events }) => events),
      random,
    );
    await expectAgreement(flows.map(({ events }) => events));

    // Ends of their own, at last: those derived are gone, whichever comes again.
    await deliver(
      flows.flatMap(({ events, late }) => [...late, ...events.filter(() => random() < 0.3)]),
      random,
    );
    await expectAgreement(flows.map(({ events, late }) => [...events, ...late]));
  });

  it('takes the error of its flow, and marks that the application did not end it', async () => {
    const events = chatFlow().filter((event) => event.type !== 'checkpoint_end');
    const end = { ...events.at(-1)!, status: 'error', error: { type: 'RateLimitError', message: '429' } };
    await addEvents(redis, keys, [...events.slice(0, -1), end]);
    await untilSettled(redis, keys);
    const { flow, checkpoints } = await historyOf(end.flow_id);
    expect(flow.error_count).toBe(2);
    expect(checkpoints.filter((node) => node.checkpoint !== 'auth_check')).toEqual([
      expect.objectContaining({ checkpoint: 'llm_thinking', status: 'error', error: end.error, duration_ms: 19 }),
      expect.objectContaining({ checkpoint: 'tool_call', status: 'error', error: end.error, duration_ms: 16 }),
    ]);
    for (const node of checkpoints.slice(1)) expect(node.attributes).toMatchObject({ 'flow.unended': true });
  });
});

describe('checkpoints of processes that died', () => {
  const limits = { deadAfterMs: 1_000, silentMs: 3_600_000 };
  const processOf = (flowId: string): string => flowId.slice(10, 18);
  const statusesOf = async (flowId: string): Promise<[FlowStatus, ...string[]]> => {
    const { flow, checkpoints } = await historyOf(flowId);
    return [flow.status, ...checkpoints.map((node) => node.status)];
  };

  it('are lost with their flow, and run again when it speaks', async () => {
    const events = chatFlow({ startedTs: Date.now() - 60_000 });
    const { flow_id: flowId } = events[0]!;
    await addEvents(redis, keys, events.slice(0, 5));
    await untilSettled(redis, keys);
    await markLostFlows(pool, { alive: [], dead: [processOf(flowId)] }, limits);
    expect(await statusesOf(flowId)).toEqual(['lost', 'ok', 'lost', 'lost']);
    expect(await rowsOf(STATS)).toEqual(await rowsOf(COUNTED));

    await addEvents(redis, keys, events.slice(5, 6));
    await untilSettled(redis, keys);
    expect(await statusesOf(flowId)).toEqual(['running', 'ok', 'running', 'error']);
    expect(await rowsOf(STATS)).toEqual(await rowsOf(COUNTED));

    await addEvents(redis, keys, events.slice(6));
    await untilSettled(redis, keys);
    expect(await statusesOf(flowId)).toEqual(['ok', 'ok', 'ok', 'error']);
    await expectAgreement([events]);
  });

  it('go on after a flow that ended well, until the process dies', async () => {
    const events = chatFlow({ startedTs: Date.now() - 60_000 }).filter((event) => event.type !== 'checkpoint_end');
    const { flow_id: flowId } = events[0]!;
    await addEvents(redis, keys, events);
    await untilSettled(redis, keys);
    const process = processOf(flowId);
    await endLeftOpen(pool, { alive: [process], dead: [] }, limits);
    expect(await statusesOf(flowId)).toEqual(['ok', 'ok', 'running', 'running']);
    await endLeftOpen(pool, { alive: [], dead: [process] }, limits);
    expect(await statusesOf(flowId)).toEqual(['ok', 'ok', 'lost', 'lost']);
    expect(await rowsOf(STATS)).toEqual(await rowsOf(COUNTED));

    const { flow, checkpoints } = await historyOf(flowId);
    const fromHistory = reduceFlows(NO_FLOWS, { kind: 'records', flows: [flow], checkpoints, complete: true });
    expect(viewFlows(fromHistory)[0]?.checkpoints.map((node) => node.status)).toEqual(['ok', 'lost', 'lost']);
  });

  it('end, too, where a bridge of the version before has written them', async () => {
    const events = chatFlow({ startedTs: Date.now() - 60_000 }).filter((event) => event.type !== 'checkpoint_end');
    const { flow_id: flowId } = events[0]!;
    await addEvents(redis, keys, events);
    await untilSettled(redis, keys);
    await pool.query(`UPDATE flow.flows SET status = 'aborted' WHERE flow_id = $1`, [flowId]);
    expect(await statusesOf(flowId)).toEqual(['aborted', 'ok', 'running', 'running']);
    await endLeftOpen(pool, { alive: [], dead: [] }, limits);
    expect(await statusesOf(flowId)).toEqual(['aborted', 'ok', 'aborted', 'aborted']);
    expect(await rowsOf(STATS)).toEqual(await rowsOf(COUNTED));
  });
});
