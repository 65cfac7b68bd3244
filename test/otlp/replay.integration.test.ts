import { redisKeys, type FlowDetail, type FlowRecord } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { request, startTestBridge } from '../support/bridge';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { waitFor } from '../support/wait-for';
import { newSpanId, newTraceId, postSpans, spanOf } from './span-message';

type TestBridge = Awaited<ReturnType<typeof startTestBridge>>;

const DAY_MS = 86_400_000;
const prefix = uniquePrefix();
const keys = redisKeys(prefix);

let redis: Redis;
let database: TestDatabase;
let client: Client;
let proxy: TcpProxy;
let bridges: TestBridge[];

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  const url = new URL(database.url);
  proxy = await startTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  url.hostname = '127.0.0.1';
  bridges = [
    await startTestBridge({ databaseUrl: database.url, prefix }),
    await startTestBridge({ databaseUrl: url.href, prefix }),
  ];
});

afterAll(async () => {
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await proxy.close();
  await client.end();
  await database.drop();
  await redis.quit();
});

async function flowsOf(traceId: string): Promise<FlowRecord[]> {
  const { body } = await request(`${bridges[0]!.url}/api/v1/flows?q=${traceId}`);
  return (body as { flows: FlowRecord[] }).flows;
}

async function detailOf(traceId: string): Promise<FlowDetail | undefined> {
  const [flow] = await flowsOf(traceId);
  if (flow === undefined) return undefined;
  return (await request(`${bridges[0]!.url}/api/v1/flows/${flow.flow_id}`)).body as FlowDetail;
}

/** All that history has of the trace's flows; a revision counts how often something was written. */
async function rowsOf(traceId: string): Promise<unknown[]> {
  const flows = await client.query<Record<string, unknown>>('SELECT * FROM flow.flows WHERE trace_id = $1', [traceId]);
  const ids = flows.rows.map((row) => row['flow_id']);
  const nodes = await client.query('SELECT * FROM flow.checkpoints WHERE flow_id = ANY($1) ORDER BY 1, 2, 3', [ids]);
  return [...flows.rows.map((row) => ({ ...row, revision: undefined })), ...(nodes.rows as unknown[])];
}

/** Sends them, and waits until the stream of their partition has been read to its end. */
async function send(spans: readonly unknown[], to = bridges[0]!): Promise<void> {
  expect((await postSpans(to.url, spans)).status).toBe(200);
  await waitFor('all is written', async () => {
    const left = await Promise.all(
      [0, 1].map(async (partition) => {
        const [group] = (await redis.xinfo('GROUPS', keys.stream(partition))) as unknown[][];
        const of = new Map<unknown, unknown>();
        for (let i = 0; i < group!.length; i += 2) of.set(group![i], group![i + 1]);
        return Number(of.get('pending')) + Number(of.get('lag'));
      }),
    );
    return left.every((count) => count === 0);
  });
}

/** As a day without a span of the trace leaves Redis. */
async function forget(traceId: string): Promise<void> {
  expect(await redis.del(...[0, 1].map((partition) => keys.trace(partition, traceId)))).toBe(1);
}

/** A turn of yesterday: a call that failed below a step that had told its begin, and one beside it. */
function turn(traceId: string, startMs: number) {
  const [root, step] = [newSpanId(), newSpanId()];
  const attributes = { 'user.id': 'ann', 'session.id': 'talk' };
  const at = (ms: number) => ({ startMs: startMs + ms, endMs: startMs + ms + 5.25 });
  const pending = spanOf({ traceId, spanId: step, parentId: root, name: 'step', ...at(10), isPending: true });
  const failed = {
    ...spanOf({ traceId, parentId: step, name: 'call', ...at(11) }),
    status: { code: 2, message: 'no' },
  };
  const end = spanOf({
    traceId,
    spanId: step,
    parentId: root,
    name: 'step',
    startMs: startMs + 10,
    endMs: startMs + 40,
  });
  const beside = spanOf({ traceId, parentId: root, name: 'beside', ...at(50), attributes: { 'user.id': 'ann' } });
  const whole = spanOf({ traceId, spanId: root, name: 'turn', startMs, endMs: startMs + 60.125, attributes });
  return { root, pending, ended: [failed, end, beside, whole] };
}

describe('a trace that Redis has forgotten', () => {
  it.each([
    ['all at once', (spans: unknown[]) => [spans]],
    ['one by one', (spans: unknown[]) => spans.map((span) => [span])],
    ['from the last on', (spans: unknown[]) => spans.map((span) => [span]).reverse()],
  ])('is the same flow when its spans come again a day later, %s', async (_how, batches) => {
    const traceId = newTraceId();
    const { pending, ended } = turn(traceId, Date.now() - DAY_MS);
    await send([pending]);
    await send(ended);
    expect((await flowsOf(traceId))[0]).toMatchObject({
      name: 'turn',
      user_id: 'ann',
      session_id: 'talk',
      status: 'ok',
    });
    const before = await rowsOf(traceId);
    expect(before).toHaveLength(5);
    await forget(traceId);
    for (const batch of batches([pending, ...ended])) await send(batch, bridges[1]);
    expect(await rowsOf(traceId)).toEqual(before);
  });

  it('is the same flow when two bridges get its spans at once', async () => {
    const traceId = newTraceId();
    const { pending, ended } = turn(traceId, Date.now() - DAY_MS);
    await send([pending]);
    await send(ended);
    const before = await rowsOf(traceId);
    await forget(traceId);
    await Promise.all([send(ended, bridges[0]), send([pending, ...ended], bridges[1])]);
    expect(await rowsOf(traceId)).toEqual(before);
  });

  it('is forgotten when its time is over', async () => {
    const traceId = newTraceId();
    const brief = await startTestBridge({ databaseUrl: database.url, prefix, env: { FLOW_OTLP_MEMORY_S: '1' } });
    const { pending, ended } = turn(traceId, Date.now());
    await send([pending], brief);
    await send(ended, brief);
    const before = await rowsOf(traceId);
    const hashes = [0, 1].map((partition) => keys.trace(partition, traceId));
    await waitFor('Redis forgets it', async () => (await redis.exists(...hashes)) === 0);
    await send([...ended, pending], brief);
    expect(await rowsOf(traceId)).toEqual(before);
    await brief.stop();
  });

  it('takes its other half a day later, the parent of what is there among it', async () => {
    const traceId = newTraceId();
    const { pending, ended } = turn(traceId, Date.now() - DAY_MS);
    const [failed, end, beside, whole] = ended;
    await send([failed, beside]);
    expect((await flowsOf(traceId))[0]).toMatchObject({ status: 'running', checkpoint_count: 2 });
    const [first] = await flowsOf(traceId);
    await forget(traceId);
    await send([pending, end], bridges[1]);
    await forget(traceId);
    await send([whole], bridges[1]);
    expect(await flowsOf(traceId)).toHaveLength(1);
    const { flow, checkpoints } = (await detailOf(traceId))!;
    expect(flow).toMatchObject({
      flow_id: first!.flow_id,
      name: 'turn',
      status: 'ok',
      session_id: 'talk',
      checkpoint_count: 4,
    });
    const byName = new Map(checkpoints.map((node) => [node.checkpoint, node]));
    const parentOf = (name: string) =>
      checkpoints.find((node) => node.node_id === byName.get(name)!.parent_id)?.checkpoint;
    expect(['call', 'step', 'beside', 'turn'].map(parentOf)).toEqual(['step', 'turn', 'turn', undefined]);
  });

  it('goes on where it had waited for a day', async () => {
    const traceId = newTraceId();
    const { root } = turn(traceId, 0);
    await send([spanOf({ traceId, spanId: root, name: 'turn', startMs: Date.now() - DAY_MS, isPending: true })]);
    await forget(traceId);
    await send([spanOf({ traceId, parentId: root, name: 'approved', isPending: true })], bridges[1]);
    expect(await flowsOf(traceId)).toHaveLength(1);
    const { checkpoints } = (await detailOf(traceId))!;
    expect(checkpoints.map(({ checkpoint, parent_id }) => [checkpoint, parent_id])).toEqual([
      ['turn', null],
      ['approved', checkpoints[0]!.node_id],
    ]);
  });
});

describe('without Postgres', () => {
  afterEach(() => proxy.setMode('pass'));

  it.each(['refuse', 'stall'] as const)('old spans have to come again (%s), and new ones are taken', async (mode) => {
    const traceId = newTraceId();
    const { ended } = turn(traceId, Date.now() - DAY_MS);
    await send(ended);
    const before = await rowsOf(traceId);
    await forget(traceId);
    proxy.setMode(mode);
    const url = bridges[1]!.url;
    const refused = await postSpans(url, ended);
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect(await refused.text()).toContain('postgres_unavailable');
    const fresh = newTraceId();
    expect((await postSpans(url, [spanOf({ traceId: fresh, parentId: newSpanId() })])).status).toBe(200);
    expect((await postSpans(url, [spanOf({ traceId: fresh })])).status).toBe(200);
    proxy.setMode('pass');
    await waitFor('they are taken', async () => (await postSpans(url, ended)).ok, 30_000);
    await send(ended);
    expect(await rowsOf(traceId)).toEqual(before);
  });
});
