import { randomBytes } from 'node:crypto';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { FlowDetail, FlowRecord } from '@flow-tracking/protocol';
import { gzipSync } from 'node:zlib';
import { request, startTestBridge } from '../../../test/support/bridge';
import { connectLive } from '../../../test/support/live-client';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';

let database: TestDatabase;
let bridges: Awaited<ReturnType<typeof startTestBridge>>[];

beforeAll(async () => {
  database = await createTestDatabase();
  const prefix = uniquePrefix();
  bridges = [await startTestBridge({ databaseUrl: database.url, prefix })];
  bridges.push(await startTestBridge({ databaseUrl: database.url, prefix }));
});

afterAll(async () => {
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await database.drop();
});

const span = (traceId: string, spanId: string, parentSpanId: string, name: string, more = {}) => {
  const now = Date.now();
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    startTimeUnixNano: `${now - 100}000000`,
    endTimeUnixNano: `${now}000000`,
    ...more,
  };
};

const send = (to: number, spans: unknown[]) =>
  request(`${bridges[to]!.url}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
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

const ids = (count: number): string[] => Array.from({ length: count }, () => randomBytes(8).toString('hex'));
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

function post(body: string | Buffer, headers: Record<string, string> = {}, url = bridges[0]!.url): Promise<Response> {
  return fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
}

const message = (spans: unknown[]): string => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

it('two bridges that get halves of a trace agree, and what comes again changes nothing', async () => {
  const traceId = randomBytes(16).toString('hex');
  const [root, child] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
  const user = [{ key: 'user.id', value: { stringValue: 'ann' } }];
  const halves = [[span(traceId, child, root, 'chat', { attributes: user })], [span(traceId, root, '', 'GET /ask')]];
  const answers = await Promise.all(halves.map((half, i) => send(i, half)));
  expect(answers.map(({ status, body }) => [status, body as unknown])).toEqual([
    [200, {}],
    [200, {}],
  ]);
  await waitFor('both halves are there', async () => {
    const [found] = await flowsOf(traceId);
    return found?.status === 'ok' && found?.checkpoint_count === 2 && found.user_id === 'ann';
  });
  const flow = (await flowsOf(traceId))[0]!;
  expect(flow).toMatchObject({ name: 'GET /ask', user_id: 'ann', checkpoint_count: 2, trace_id: traceId });
  const before = await request(`${bridges[0]!.url}/api/v1/flows/${flow.flow_id}`);
  expect(before.body.checkpoints).toHaveLength(2);
  const written = () => bridges.reduce((sum, { counts }) => sum + counts.written, 0);
  const count = written();
  await Promise.all(halves.map((half, i) => send(1 - i, half)));
  await waitFor('they are written again', () => written() >= count + 3);
  expect(await request(`${bridges[0]!.url}/api/v1/flows/${flow.flow_id}`)).toEqual(before);
});

it('takes what the SDK of OpenTelemetry exports as protobuf', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const parent = provider.getTracer('test').startSpan('turn', { attributes: { 'session.id': 's-1', n: -7 } });
  parent.end();
  const response = await fetch(`${bridges[0]!.url}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-protobuf' },
    body: ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans()) ?? null,
  });
  expect([response.status, await response.text()]).toEqual([200, '']);
  const { traceId } = parent.spanContext();
  await waitFor('the flow has ended', async () => (await flowsOf(traceId))[0]?.status === 'ok');
  expect((await flowsOf(traceId))[0]).toMatchObject({ name: 'turn', session_id: 's-1', checkpoint_count: 1 });
});

describe('a pending span', () => {
  it('runs on a viewer before it has ended, and ends once however often it is told', async () => {
    const traceId = randomBytes(16).toString('hex');
    const [root, leaf, pendingRoot, pendingLeaf] = ids(4) as [string, string, string, string];
    const url = bridges[0]!.url;
    await request(`${url}/api/v1/monitoring/enable/pia?ttl_hours=1`, { method: 'POST' });
    const viewer = await connectLive(`${bridges[1]!.liveUrl}/pia`);
    await viewer.next('snapshot');
    const pending = (own: string, real: string, parent: string, name: string) =>
      span(traceId, own, real, name, {
        attributes: [
          text('logfire.span_type', 'pending_span'),
          text('logfire.pending_parent_id', parent === '' ? '0'.repeat(16) : parent),
          text('user.id', 'pia'),
        ],
      });
    const sentMs = Date.now();
    await post(message([pending(pendingRoot, root, '', 'agent'), pending(pendingLeaf, leaf, root, 'think')]));
    const { events } = await viewer.next('events', (frame) =>
      frame.events.some((event) => event.type === 'checkpoint'),
    );
    const tookMs = Date.now() - sentMs;
    const begun = events.filter((event) => event.type === 'checkpoint');
    expect(begun.map(({ checkpoint, status }) => [checkpoint, status])).toEqual([
      ['agent', 'running'],
      ['think', 'running'],
    ]);
    expect(begun[1]!.parent_id).toBe(begun[0]!.node_id);
    expect(events[0]).toMatchObject({ type: 'flow_start', seq: 0 });
    expect(tookMs).toBeLessThan(5_000);
    await waitFor('it runs in history', async () => (await flowsOf(traceId))[0]?.status === 'running');

    const ends = message([span(traceId, leaf, root, 'think'), span(traceId, root, '', 'agent')]);
    for (let i = 0; i < 3; i++) await post(ends, {}, bridges[i % 2]!.url);
    await post(message([pending(pendingLeaf, leaf, root, 'think')]));
    await waitFor('it has ended', async () => (await flowsOf(traceId))[0]?.status === 'ok');
    const { flow, checkpoints } = (await detailOf(traceId))!;
    expect(flow).toMatchObject({ name: 'agent', user_id: 'pia', checkpoint_count: 2 });
    expect(checkpoints.map(({ checkpoint, status }) => [checkpoint, status])).toEqual([
      ['agent', 'ok'],
      ['think', 'ok'],
    ]);
    await viewer.close();
  });
});

it('children that come before their parent are under it once it has come', async () => {
  const traceId = randomBytes(16).toString('hex');
  const [root, middle, leaf] = ids(3) as [string, string, string];
  const llm = { attributes: [text('gen_ai.operation.name', 'chat'), text('gen_ai.request.model', 'm-1')] };
  await post(message([span(traceId, leaf, middle, 'chat m-1', llm)]));
  await waitFor('the leaf is there', async () => (await flowsOf(traceId))[0]?.checkpoint_count === 1);
  expect((await flowsOf(traceId))[0]).toMatchObject({ status: 'running', name: 'unknown_service' });
  const failed = { status: { code: 2, message: 'no answer' } };
  await post(message([span(traceId, middle, root, 'step', failed), span(traceId, root, '', 'POST /ask')]));
  await waitFor('the flow has ended', async () => (await flowsOf(traceId))[0]?.status === 'ok');
  const { flow, checkpoints } = (await detailOf(traceId))!;
  const byName = new Map(checkpoints.map((node) => [node.checkpoint, node]));
  expect(flow).toMatchObject({ name: 'POST /ask', checkpoint_count: 3, error_count: 1 });
  expect(byName.get('llm_thinking')!.parent_id).toBe(byName.get('step')!.node_id);
  expect(byName.get('step')!.parent_id).toBe(byName.get('POST /ask')!.node_id);
  expect(byName.get('step')).toMatchObject({ status: 'error', error: { message: 'no answer' } });
});

describe('what is no span', () => {
  const good = (): [string, unknown] => {
    const traceId = randomBytes(16).toString('hex');
    return [traceId, span(traceId, ids(1)[0]!, '', 'good')];
  };

  it.each([
    ['no JSON', '{"resourceSpans":[', {}, 400],
    ['another shape', '{"resourceSpans":7}', {}, 400],
    ['another type', '{}', { 'Content-Type': 'text/plain' }, 415],
    ['no protobuf', Buffer.from('ffffffffffffffffffff', 'hex'), { 'Content-Type': 'application/x-protobuf' }, 400],
    ['a wrong wire type', Buffer.from([0x08, 0x01]), { 'Content-Type': 'application/x-protobuf' }, 400],
    ['cut protobuf', Buffer.from([0x0a, 0x7f, 0x00]), { 'Content-Type': 'application/x-protobuf' }, 400],
    ['no gzip', 'x', { 'Content-Encoding': 'gzip' }, 400],
    ['an unknown packing', 'x', { 'Content-Encoding': 'zstd' }, 415],
    ['more than 16 MiB unpacked', gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20)), { 'Content-Encoding': 'gzip' }, 413],
    ['more than 16 MiB', Buffer.alloc(17 * 1024 * 1024, 0x20), {}, 413],
    ['JSON 100,000 levels deep', `{"resourceSpans":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, {}, 400],
  ])('is refused as a whole: %s', async (_what, body, headers, status) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    await response.arrayBuffer();
    const [traceId, span] = good();
    expect((await post(message([span]))).status).toBe(200);
    await waitFor('others go on', async () => (await flowsOf(traceId)).length === 1);
  });

  it.each([
    ['a trace id of wrong length', { traceId: 'abc' }],
    ['a trace id of zeros', { traceId: '0'.repeat(32) }],
    ['a span id that is not hex', { spanId: 'z'.repeat(16) }],
    [
      'a time far in the future',
      {
        startTimeUnixNano: `${Date.now() + 86_400_000 * 30}000000`,
        endTimeUnixNano: `${Date.now() + 86_400_000 * 30}000000`,
      },
    ],
  ])('is refused by itself: %s', async (_what, wrong) => {
    const [traceId, span] = good();
    const response = await post(message([{ ...(span as object), ...wrong }, span]));
    expect(response.status).toBe(200);
    const { partialSuccess } = (await response.json()) as {
      partialSuccess: { rejectedSpans: string; errorMessage: string };
    };
    expect(partialSuccess.rejectedSpans).toBe('1');
    expect(partialSuccess.errorMessage).toMatch(/expected/);
    await waitFor('the good one is there', async () => (await flowsOf(traceId))[0]?.checkpoint_count === 1);
  });

  it('cycles are drawn, each span once', async () => {
    const traceId = randomBytes(16).toString('hex');
    const [a, b, self] = ids(3) as [string, string, string];
    const response = await post(
      message([span(traceId, a, b, 'a'), span(traceId, b, a, 'b'), span(traceId, self, self, 'self')]),
    );
    expect(response.status).toBe(200);
    await waitFor('they are there', async () => Number((await flowsOf(traceId))[0]?.checkpoint_count) >= 2);
  });

  it('packed spans are taken', async () => {
    const [traceId, span] = good();
    expect((await post(gzipSync(message([span])), { 'Content-Encoding': 'gzip' })).status).toBe(200);
    await waitFor('it is there', async () => (await flowsOf(traceId)).length === 1);
  });
});

describe('tokens', () => {
  it('of FLOW_WRITE_TOKENS send spans and do nothing else; others may not send any', async () => {
    const bridge = await startTestBridge({
      databaseUrl: database.url,
      prefix: uniquePrefix(),
      env: { FLOW_READ_TOKENS: 'r', FLOW_CONTROL_TOKENS: 'c', FLOW_WRITE_TOKENS: 'w' },
    });
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
    const status = async (token?: string): Promise<number> =>
      (await post('{}', token === undefined ? {} : bearer(token), bridge.url)).status;
    expect([await status(), await status('x'), await status('r'), await status('c'), await status('w')]).toEqual([
      401, 401, 403, 403, 200,
    ]);
    expect((await request(`${bridge.url}/api/v1/flows`, { headers: bearer('w') })).status).toBe(403);
    await bridge.stop();
  });
});
