import type { FlowRecord } from '@flow-tracking/protocol';
import { request, startTestBridge } from '../support/bridge';
import { startTestRedis, type TestRedis } from '../support/redis-server';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../support/services';
import { waitFor } from '../support/wait-for';
import { newSpanId, newTraceId, postSpans, spanOf } from './span-message';

const TRACES = 40;
const SPANS = 60;

let redis: TestRedis;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  // What it has acknowledged is on the disk when it is killed.
  redis = await startTestRedis({ appendfsync: 'always' });
  database = await createTestDatabase();
  bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix: uniquePrefix(),
    env: { REDIS_URL: redis.url },
  });
});

afterAll(async () => {
  await bridge.stop();
  await database.drop();
  await redis.remove();
});

const rootSpan = (traceId: string) => spanOf({ traceId, name: 'turn' });

function trace(traceId: string): unknown[] {
  const spanId = newSpanId();
  const children = Array.from({ length: SPANS - 1 }, () => spanOf({ traceId, parentId: spanId }));
  return [...children, spanOf({ traceId, spanId, name: 'turn' })];
}

async function flowsOf(traceId: string): Promise<FlowRecord[]> {
  const { body } = await request(`${bridge.url}/api/v1/flows?q=${traceId}`);
  return (body as { flows: FlowRecord[] }).flows;
}

it('spans are refused with 503 and Retry-After while Redis is away, and taken when it is back', async () => {
  const traceId = newTraceId();
  expect((await postSpans(bridge.url, [rootSpan(newTraceId())])).status).toBe(200);
  await redis.signal('SIGKILL');
  const refused = await postSpans(bridge.url, [rootSpan(traceId)]);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toEqual({ code: 14, message: expect.stringMatching(/^redis_unavailable: /) as string });
  await redis.start();
  await waitFor('they are taken', async () => (await postSpans(bridge.url, [rootSpan(traceId)])).ok, 30_000);
  await waitFor('the flow is there', async () => (await flowsOf(traceId))[0]?.status === 'ok');
  expect(await flowsOf(traceId)).toHaveLength(1);
});

it('what was under way when Redis died is in history once, whatever of it was written before', async () => {
  const traces = Array.from({ length: TRACES }, () => newTraceId());
  const bodies = new Map(traces.map((traceId) => [traceId, trace(traceId)]));
  const send = async (traceId: string): Promise<number> => (await postSpans(bridge.url, bodies.get(traceId)!)).status;
  let isKilled: Promise<void> | undefined;
  let taken = 0;
  const statuses = await Promise.all(
    traces.map(async (traceId) => {
      const status = await send(traceId);
      // In the midst of it: some are taken, others are not.
      if (status === 200 && ++taken === 5) isKilled = redis.signal('SIGKILL');
      return status;
    }),
  );
  await isKilled;
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  await redis.start();
  const again = traces.filter((_, i) => statuses[i] !== 200);
  for (const traceId of again) {
    await waitFor('it is taken', async () => (await send(traceId)) === 200, 30_000);
  }
  for (const traceId of traces) {
    await waitFor('the flow is whole', async () => {
      const [flow] = await flowsOf(traceId);
      return flow?.status === 'ok' && flow.checkpoint_count === SPANS;
    });
    expect(await flowsOf(traceId)).toMatchObject([{ name: 'turn', checkpoint_count: SPANS, error_count: 0 }]);
  }
});
