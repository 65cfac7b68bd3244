import { redisKeys, type FlowDetail, type FlowEvent, type SessionDetail } from '@flow-tracking/protocol';
import type { Cluster, Redis } from 'ioredis';
import { request, startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow, untilSettled } from '../../../test/support/flow-events';
import { startTestRedisService, type TestRedisService } from '../../../test/support/redis-topology';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let service: TestRedisService;
let redis: Redis | Cluster;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  service = await startTestRedisService();
  redis = service.client;
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: service.env });
});

afterAll(async () => {
  await bridge.stop();
  await service.deleteKeys(prefix);
  await service.close();
  await database.drop();
});

const settled = (): Promise<void> => untilSettled(redis, keys);

async function flowOf(events: readonly FlowEvent[]): Promise<FlowDetail> {
  const { body } = await request(`${bridge.url}/api/v1/flows/${events[0]?.flow_id}`);
  return body as FlowDetail;
}

describe('history', () => {
  it('keeps a flow and its tree, times exact to the microsecond', async () => {
    const events = chatFlow({ userId: 'exact', startedTs: 1_764_050_000_123.457 });
    await addEvents(redis, keys, events);
    await settled();

    const { flow, checkpoints } = await flowOf(events);
    expect(flow).toMatchObject({
      flow_id: events[0]?.flow_id,
      session_id: events[0]?.flow_id,
      user_id: 'exact',
      name: 'POST /ask/stream',
      service: 'chat',
      instance: 'chat-1',
      status: 'ok',
      started_ts: 1_764_050_000_123.457,
      duration_ms: 21,
      http_status: 200,
      checkpoint_count: 3,
      error_count: 1,
      input_tokens: 40,
      output_tokens: 812,
      last_seq: 7,
    });
    expect(checkpoints.map((node) => [node.node_id, node.parent_id, node.checkpoint, node.status])).toEqual([
      [2, null, 'auth_check', 'ok'],
      [3, null, 'llm_thinking', 'ok'],
      [4, 3, 'tool_call', 'error'],
    ]);
    expect(checkpoints[2]).toMatchObject({
      started_ts: 1_764_050_000_128.457,
      duration_ms: 4.25,
      error: { type: 'TimeoutError', message: 'search took too long' },
      end_seq: 5,
    });
  });

  it('has a running checkpoint before it ends', async () => {
    const events = chatFlow();
    await addEvents(redis, keys, events.slice(0, 5));
    await settled();

    const { flow, checkpoints } = await flowOf(events);
    expect(flow).toMatchObject({ status: 'running', duration_ms: null, checkpoint_count: 3 });
    expect(checkpoints[2]).toMatchObject({ checkpoint: 'tool_call', status: 'running', ended_ts: null });
  });

  it('comes to the same rows in any order, in any partition, and when delivered twice', async () => {
    const inOrder = chatFlow({ startedTs: Date.now() });
    await addEvents(redis, keys, inOrder);
    await settled();
    const expected = await flowOf(inOrder);

    const shuffled = chatFlow({ startedTs: expected.flow.started_ts });
    for (const [i, event] of [...shuffled].reverse().entries()) await addEvents(redis, keys, [event], i % 2);
    await settled();
    for (const event of shuffled) await addEvents(redis, keys, [event, event], 1);
    await settled();

    const id = shuffled[0]?.flow_id;
    const renamed = JSON.parse(JSON.stringify(expected).replaceAll(String(inOrder[0]?.flow_id), String(id)));
    expect(await flowOf(shuffled)).toEqual(renamed);
  });

  it('dead-letters what it can not take, with the reason, and writes its neighbours', async () => {
    const good = chatFlow({ userId: 'neighbour' });
    await redis.xadd(keys.stream(0), '*', 'events', '{not json');
    await redis.xadd(keys.stream(0), '*', 'something', 'else');
    await addEvents(redis, keys, [...good.slice(0, 3), { type: 'nonsense' }, null, ...good.slice(3)]);
    await settled();

    expect((await flowOf(good)).flow).toMatchObject({ status: 'ok', checkpoint_count: 3 });
    const dead = await redis.xrange(keys.dead, '-', '+');
    const reasons = dead.map(([, fields]) => fields[fields.indexOf('reason') + 1]);
    expect(reasons).toEqual([
      expect.stringContaining('JSON'),
      expect.stringContaining('flow_id: expected a ULID'),
      expect.stringContaining('event: expected an object, got null'),
    ]);
  });

  it('takes text that Postgres refuses, cleaned', async () => {
    const [start, identified, checkpoint] = chatFlow({ userId: 'nul\0user' });
    const dirty = { ...checkpoint, attributes: { 'k\0': 'v\ud800', __proto__: 'x', constructor: 1 } };
    await addEvents(redis, keys, [start, identified, dirty]);
    await settled();

    const { body } = await request(`${bridge.url}/api/v1/flows/user/${encodeURIComponent('nul\ufffduser')}`);
    expect(body.flows).toHaveLength(1);
    const { checkpoints } = await flowOf([start!]);
    expect(checkpoints[0]?.attributes).toEqual({ 'k\ufffd': 'v\ufffd', constructor: 1 });
  });

  it('pages through flows by cursor, each once, newest first', async () => {
    const userId = 'pager';
    const now = Date.now();
    for (let i = 0; i < 7; i++) await addEvents(redis, keys, chatFlow({ userId, startedTs: now + (i >> 1) }));
    await settled();

    const seen: { flow_id: string; started_ts: number }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await request(`${bridge.url}/api/v1/flows/user/${userId}?limit=2${query}`);
      seen.push(...body.flows);
      cursor = body.next_cursor as string | null;
    }
    expect(new Set(seen.map((flow) => flow.flow_id)).size).toBe(7);
    expect(seen.map((flow) => flow.started_ts)).toEqual([3, 2, 2, 1, 1, 0, 0].map((offset) => now + offset));
  });

  it('groups the flows of a session, oldest first, with all checkpoints', async () => {
    const first = chatFlow({ sessionId: 'talk', startedTs: 1_764_050_000_000 });
    const second = chatFlow({ sessionId: 'talk', startedTs: 1_764_050_060_000 });
    await addEvents(redis, keys, [...second, ...first]);
    await settled();

    const { status, body } = await request(`${bridge.url}/api/v1/flows/session/talk`);
    expect(status).toBe(200);
    expect((body as SessionDetail).flows.map((flow) => flow.flow_id)).toEqual([first[0]?.flow_id, second[0]?.flow_id]);
    expect(body.checkpoints).toHaveLength(6);
  });

  it('goes on after the consumer group was lost', async () => {
    for (const partition of [0, 1]) await redis.del(keys.stream(partition));
    const events = chatFlow();
    await addEvents(redis, keys, events);
    await waitFor('the flow is written', async () => (await flowOf(events)).flow.status === 'ok');
  });

  it('lists the users of the last day', async () => {
    await addEvents(redis, keys, chatFlow({ userId: 'listed' }));
    await settled();
    const { body } = await request(`${bridge.url}/api/v1/users?q=liste`);
    expect(body.users).toEqual([{ user_id: 'listed', last_flow_ts: expect.any(Number), flow_count: 1 }]);
  });
});

describe('a bridge that died', () => {
  it('leaves nothing unwritten: what it held is taken over', async () => {
    const events = chatFlow();
    await addEvents(redis, keys, events);
    await settled();
    // What a dead bridge leaves behind: an entry given to a consumer that will never settle it, for a minute.
    const orphan = chatFlow();
    const other = uniquePrefix();
    const otherKeys = redisKeys(other);
    await redis.xgroup('CREATE', otherKeys.stream(0), otherKeys.group, '0', 'MKSTREAM');
    await addEvents(redis, otherKeys, orphan);
    await redis.xreadgroup('GROUP', otherKeys.group, 'dead-bridge', 'COUNT', 10, 'STREAMS', otherKeys.stream(0), '>');
    const [entry] = await redis.xrange(otherKeys.stream(0), '-', '+');
    await (redis as Redis).xclaim(
      otherKeys.stream(0),
      otherKeys.group,
      'dead-bridge',
      0,
      String(entry?.[0]),
      'IDLE',
      60_000,
      'JUSTID',
    );

    const successor = await startTestBridge({ databaseUrl: database.url, prefix: other, env: service.env });
    try {
      await waitFor('the orphaned flow is written', async () => (await flowOf(orphan)).flow.status === 'ok');
      expect(await redis.xlen(otherKeys.stream(0))).toBe(0);
    } finally {
      await successor.stop();
      await service.deleteKeys(other);
    }
  });
});
