import { context, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { decodeJson } from './decode-json';
import { decodeProtobuf } from './decode-protobuf';
import { WireError } from './wire-reader';

/** Spans with every kind of value, as OpenTelemetry's SDK has them. */
function spans() {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'agents', pid: 7 }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('test');
  const remote = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: TraceFlags.SAMPLED, isRemote: true };
  const parent = tracer.startSpan('GET /ä', {}, trace.setSpanContext(context.active(), remote));
  const attributes = {
    text: 'ü',
    yes: true,
    no: false,
    whole: 7,
    less: -7,
    part: 0.25,
    list: ['a', 'b'],
    big: 2 ** 52,
  };
  const child = tracer.startSpan('chat', { attributes }, trace.setSpan(context.active(), parent));
  child.addEvent('first chunk', { n: 1 });
  child.recordException(new RangeError('no'));
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
  child.end();
  parent.end();
  return exporter.getFinishedSpans();
}

/** Throws what is no WireError. */
function outcomeOf(body: Buffer): 'read' | 'refused' {
  try {
    decodeProtobuf(body);
    return 'read';
  } catch (error) {
    if (error instanceof WireError) return 'refused';
    throw error;
  }
}

describe('what the SDK serializes', () => {
  it('is read, as protobuf and as JSON, to the same', () => {
    const of = spans();
    const [group, ...others] = decodeProtobuf(Buffer.from(ProtobufTraceSerializer.serializeRequest(of)!));
    expect(others).toEqual([]);
    expect(group).toEqual(decodeJson(Buffer.from(JsonTraceSerializer.serializeRequest(of)!))[0]);
    expect(group!.resource).toEqual({ 'service.name': 'agents', pid: 7 });
    const [child, parent] = group!.spans;
    expect(child).toMatchObject({
      name: 'chat',
      traceId: 'ab'.repeat(16),
      parentId: parent!.spanId,
      attributes: { text: 'ü', yes: true, no: false, whole: 7, less: -7, part: 0.25, list: ['a', 'b'], big: 2 ** 52 },
      statusCode: 2,
      statusMessage: 'no',
      exception: { 'exception.type': 'RangeError', 'exception.message': 'no' },
    });
    expect(parent).toMatchObject({ name: 'GET /ä', parentId: 'cd'.repeat(8), statusCode: 0, exception: null });
    expect([child!.flags & 0x300, parent!.flags & 0x300]).toEqual([0x100, 0x300]);
    expect(child!.endMs).toBeGreaterThanOrEqual(child!.startMs);
    expect(Math.abs(child!.startMs - Date.now())).toBeLessThan(60_000);
  });

  it('is refused wherever it is cut off, or read as less', () => {
    const whole = Buffer.from(ProtobufTraceSerializer.serializeRequest(spans())!);
    const lengths = Array.from({ length: whole.length - 1 }, (_, i) => i + 1);
    expect(lengths.filter((length) => outcomeOf(whole.subarray(0, length)) !== 'refused')).toEqual([]);
  });

  it('ends in a WireError or in spans, whichever bit is turned', () => {
    const whole = Buffer.from(ProtobufTraceSerializer.serializeRequest(spans())!);
    const bits = Array.from({ length: whole.length * 8 }, (_, bit) => bit);
    const refused = bits.filter((bit) => {
      const body = Buffer.from(whole);
      body[bit >> 3]! ^= 1 << (bit & 7);
      return outcomeOf(body) === 'refused';
    });
    expect(refused.length).toBeGreaterThan(whole.length / 2);
  });
});

describe('values', () => {
  it('are read to a depth, and not below it', () => {
    const nested = (depth: number): string =>
      depth === 0 ? '{"stringValue":"x"}' : `{"arrayValue":{"values":[${nested(depth - 1)}]}}`;
    const body = `{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":${nested(40)}}]}}]}`;
    const text = JSON.stringify(decodeJson(Buffer.from(body))[0]!.resource);
    expect(text).toBe(`{"k":${'['.repeat(17)}"…"${']'.repeat(17)}}`);
  });
});
