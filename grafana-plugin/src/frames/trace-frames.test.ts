import '../testing/window';
import { toDataFrame, type DataFrame } from '@grafana/data';
import type { PanelNode } from './panel-flow';
import jaeger from '../../fixtures/jaeger.json';
import tempo from '../../fixtures/tempo.json';
import zipkin from '../../fixtures/zipkin.json';
import { readTraces, type TraceFlow } from './trace-frames';
import { isTraceFrame } from './trace-span';

const T0 = 1_764_234_000_000;

function readOne(...frames: DataFrame[]): TraceFlow {
  const { traces } = readTraces(frames);
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

const nodeOf = ({ nodes }: TraceFlow, checkpoint: string): PanelNode => {
  const found = nodes.find((node) => node.checkpoint === checkpoint);
  if (found === undefined) throw new Error(`no ${checkpoint} in ${nodes.map((node) => node.checkpoint).join()}`);
  return found;
};

/** A frame of spans of one trace, from a few of their fields. */
function frameOf(rows: readonly Record<string, unknown>[]): DataFrame {
  const names = ['traceID', 'spanID', 'parentSpanID', 'operationName', 'serviceName', 'startTime', 'duration'];
  const all = [...names, 'tags', 'logs', 'statusCode', 'statusMessage', 'kind', 'serviceTags', 'warnings'];
  const plain = {
    traceID: 't1',
    parentSpanID: '',
    operationName: 'op',
    serviceName: 'svc',
    startTime: T0,
    duration: 5,
  };
  return toDataFrame({
    fields: all.map((name) => ({ name, values: rows.map((row) => ({ ...plain, ...row })[name]) })),
  });
}

const tags = (values: Record<string, unknown>) => Object.entries(values).map(([key, value]) => ({ key, value }));

describe('a trace of Tempo', () => {
  const trace = readOne(toDataFrame(tempo));

  it('is a flow with the name, service, user and session of its root', () => {
    expect(trace.summary).toMatchObject({
      id: '4f1d6a0c9be24d5f8a3b7c2e90d1f6a4',
      traceId: '4f1d6a0c9be24d5f8a3b7c2e90d1f6a4',
      name: 'POST /ask/stream',
      service: 'chat-server',
      userId: '123',
      sessionId: 'sess-9',
      httpStatus: 200,
      startedTs: T0 + 0.125,
      durationMs: 2840.5,
      checkpointCount: 7,
      errorCount: 1,
    });
    // The root says neither ok nor error, and a tool failed.
    expect(trace.summary.status).toBe('error');
    expect(trace.summary.attributes['host.name']).toBe('chat-server-7d9f');
  });

  it('names spans of models and tools as checkpoints, and keeps the names of all others', () => {
    expect(trace.nodes.map(({ id, parentId, checkpoint, status }) => [id, parentId, checkpoint, status])).toEqual([
      ['a1f0c3d2e4b59687', null, 'POST /ask/stream', 'ok'],
      ['b2e1d4c3f5a60718', 'a1f0c3d2e4b59687', 'auth_check', 'ok'],
      ['c3d2e5f4a6b70819', 'a1f0c3d2e4b59687', 'llm_thinking', 'ok'],
      ['d4c3f6e5b7a8091a', 'c3d2e5f4a6b70819', 'tool_call', 'ok'],
      ['e5b4a7f6c8d9001b', 'd4c3f6e5b7a8091a', 'GET /search', 'ok'],
      ['f6a5b8c7d9e0112c', 'c3d2e5f4a6b70819', 'tool_call', 'error'],
      ['0718293a4b5c6d7e', 'c3d2e5f4a6b70819', 'stream answer', 'ok'],
    ]);
    const chat = nodeOf(trace, 'llm_thinking').attributes;
    expect(chat).toMatchObject({ 'span.name': 'chat gpt-4o', 'gen_ai.usage.output_tokens': 96, 'span.kind': 'client' });
  });

  it('keeps fractions of a millisecond, events, links and the reason of a failure', () => {
    const failed = trace.nodes[5]!;
    expect(failed.error).toEqual({ type: 'SmtpError', message: 'SMTP 550: mailbox unavailable' });
    expect(failed.attributes['exception.stacktrace']).toMatch(/at send \(mail\.js/);
    const stream = nodeOf(trace, 'stream answer');
    expect([stream.startedTs, stream.endedTs, stream.durationMs]).toEqual([T0 + 1520.25, T0 + 2750.25, 1230]);
    expect(stream.attributes['events']).toEqual([{ ts: T0 + 1704.5, name: 'first_chunk', 'chunk.bytes': 24 }]);
    expect(stream.attributes['links']).toMatchObject([{ spanID: '8899aabbccddeeff' }]);
    expect(stream.attributes).toMatchObject({
      'service.name': 'chat-server',
      resource: { 'telemetry.sdk.language': 'nodejs' },
    });
  });
});

describe('a trace of Jaeger', () => {
  const trace = readOne(toDataFrame(jaeger));

  it('fails by the tag of its root, and says the status of HTTP where nothing else is known', () => {
    expect(trace.summary).toMatchObject({
      name: 'HTTP POST /checkout',
      service: 'shop',
      userId: 'mallory',
      sessionId: null,
      status: 'error',
      httpStatus: 502,
      error: { type: 'Error', message: 'HTTP 502' },
      errorCount: 3,
    });
  });

  it('takes reasons from logs and from the status that OpenTelemetry leaves in tags', () => {
    expect(nodeOf(trace, 'charge card').error).toEqual({
      type: 'GatewayTimeout',
      message: 'acquirer did not answer within 600 ms',
    });
    expect(nodeOf(trace, 'charge card').attributes['exception.stacktrace']).toMatch(/card\.go/);
    expect(nodeOf(trace, 'POST acquirer').error?.message).toBe('deadline exceeded');
  });

  it('keeps warnings, and a span whose parent is missing', () => {
    const audit = nodeOf(trace, 'write audit');
    expect(audit.parentId).toBe('9999999999999999');
    expect(audit.attributes['warnings']).toHaveLength(1);
    expect(trace.summary.durationMs).toBeCloseTo(731.902, 3);
  });
});

describe('a trace of Zipkin', () => {
  const trace = readOne(toDataFrame(zipkin));

  it('draws both sides of a call that share a span id, and what the server did below its side', () => {
    expect(trace.nodes.map(({ id, parentId, attributes }) => [id, parentId, attributes['service.name']])).toEqual([
      ['bd7a977555f6b982', null, 'frontend'],
      ['90394f6bcffb5d13', 'bd7a977555f6b982', 'frontend'],
      ['90394f6bcffb5d13/2', '90394f6bcffb5d13', 'prices'],
      ['67fae42571535f60', '90394f6bcffb5d13/2', 'prices'],
      ['1a2b3c4d5e6f7081', 'bd7a977555f6b982', 'frontend'],
    ]);
  });

  it('says what the error was, and when annotations were made', () => {
    expect(nodeOf(trace, 'publish order').error).toEqual({ type: 'Error', message: 'broker refused the connection' });
    expect(trace.nodes[1]?.attributes['events']).toEqual([
      { ts: T0 + 3011, annotation: 'ws' },
      { ts: T0 + 3190.5, annotation: 'wr' },
    ]);
    expect(trace.summary).toMatchObject({ status: 'error', name: 'post /orders', durationMs: 420 });
  });
});

describe('readTraces', () => {
  it('knows a trace by its fields, whatever else the frame says', () => {
    expect(isTraceFrame(frameOf([]))).toBe(true);
    expect(isTraceFrame(toDataFrame({ fields: [{ name: 'traceID', values: ['a'] }] }))).toBe(false);
    expect(isTraceFrame(toDataFrame({ name: 'flows', fields: [{ name: 'flow_id', values: ['a'] }] }))).toBe(false);
  });

  it('leaves out broken rows, says how many, and loses nothing else', () => {
    const broken = [
      { spanID: '' },
      { spanID: null },
      { spanID: {} },
      { spanID: 'x', traceID: null },
      { spanID: 'x', startTime: NaN },
      { spanID: 'x', startTime: '2026-01-01' },
      { spanID: 'x', duration: NaN },
      { spanID: 'x', duration: -1 },
      { spanID: 'x', duration: '5 ms' },
    ];
    const { traces, notices } = readTraces([frameOf([{ spanID: 'a' }, ...broken, { spanID: 'b', parentSpanID: 'a' }])]);
    expect(traces[0]?.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(notices).toEqual([{ severity: 'warning', text: '9 spans are not shown: they lack an id or a time.' }]);
    expect(readTraces([frameOf([{ spanID: 'a' }])]).notices).toEqual([]);
    expect(readTraces([frameOf(broken.slice(0, 1))])).toMatchObject({
      traces: [],
      notices: [{ text: '1 span is not shown: it lacks an id or a time.' }],
    });
  });

  it.each([
    ['no list', 7],
    ['broken JSON', '[{"key":'],
    ['a list of rubbish', [null, 1, 'x', { value: 1 }, { key: 2 }]],
    ['nothing', undefined],
  ])('takes %s in place of tags and logs for none', (_, value) => {
    const { nodes } = readOne(
      frameOf([{ spanID: 'a', tags: value, logs: value, serviceTags: value, warnings: value }]),
    );
    expect(nodes[0]).toMatchObject({ id: 'a', status: 'ok', attributes: { 'service.name': 'svc' } });
  });

  it('reads tags and logs from JSON, and tags from an object', () => {
    const logs = JSON.stringify([{ timestamp: T0, fields: tags({ a: 1 }) }]);
    const rows = [
      { spanID: 'a', tags: JSON.stringify(tags({ 'http.method': 'GET', __proto: 1 })), logs },
      { spanID: 'b', tags: { retries: 2, 'deep.one': { x: [1] } } },
      { spanID: 'c', tags: [...tags({ peer: 'a' }), ...tags({ peer: 'b' }), ...tags({ peer: 'c' })] },
    ];
    const [a, b, c] = readOne(frameOf(rows)).nodes;
    expect(a?.attributes).toMatchObject({ 'http.method': 'GET', events: [{ ts: T0, a: 1 }] });
    expect(b?.attributes).toMatchObject({ retries: 2, 'deep.one': { x: [1] } });
    expect(c?.attributes['peer']).toEqual(['a', 'b', 'c']);
  });

  it('believes a root that says it is ok, though something below it failed', () => {
    const child = { spanID: 'b', parentSpanID: 'a', statusCode: 2 };
    const statusOf = (root: Record<string, unknown>) =>
      readOne(frameOf([{ spanID: 'a', ...root }, child])).summary.status;
    expect(statusOf({ statusCode: 1 })).toBe('ok');
    expect(statusOf({ statusCode: 0 })).toBe('error');
    expect(statusOf({ tags: tags({ error: 'false' }) })).toBe('ok');
    expect(statusOf({ tags: tags({ 'otel.status_code': 'STATUS_CODE_ERROR' }) })).toBe('error');
  });

  it('shows a pending span of Logfire running until the real one is there', () => {
    const pending = (id: string, spanID: string, parent: string) => ({
      spanID: id,
      parentSpanID: spanID,
      duration: 0,
      operationName: `does ${spanID}`,
      tags: tags({ 'logfire.span_type': 'pending_span', 'logfire.pending_parent_id': parent }),
    });
    const begun = [pending('p1', 'a', '0000000000000000'), pending('p2', 'b', 'a')];
    const running = readOne(frameOf(begun));
    expect(running.summary).toMatchObject({ status: 'running', durationMs: null, name: 'does a' });
    expect(running.nodes).toMatchObject([
      { id: 'a', parentId: null, status: 'running', endedTs: null, durationMs: null },
      { id: 'b', parentId: 'a', status: 'running' },
    ]);
    const ended = [...begun, { spanID: 'b', parentSpanID: 'a' }, { spanID: 'a' }];
    expect(readOne(frameOf(ended)).nodes.map(({ id, status }) => [id, status])).toEqual([
      ['b', 'ok'],
      ['a', 'ok'],
    ]);
  });

  it('gives a trace once when two queries return it, and each of several traces', () => {
    const { traces } = readTraces([tempo, tempo, jaeger, zipkin].map((fixture) => toDataFrame(fixture)));
    expect(traces.map(({ nodes }) => nodes.length)).toEqual([7, 5, 5]);
    expect(traces.map(({ place }) => place)).toEqual([
      { frameIndex: 0, row: 0 },
      { frameIndex: 2, row: 0 },
      { frameIndex: 3, row: 0 },
    ]);
  });

  it('keeps ids as text', () => {
    const { nodes, summary } = readOne(
      frameOf([
        { traceID: 42, spanID: 7 },
        { traceID: '42', spanID: '8', parentSpanID: 7 },
      ]),
    );
    expect([summary.id, ...nodes.map(({ id }) => id), nodes[1]?.parentId]).toEqual(['42', '7', '8', '7']);
  });
});
