import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

/** A turn of an agent: four calls of a model, of which three ask for two tools each. */
export const SPANS_PER_TRACE = 11;
/** As many as an exporter sends at once. */
const SPANS_PER_BODY = 512;

/** @param {import('@opentelemetry/api').Tracer} tracer @param {number} turn */
function makeTrace(tracer, turn) {
  const root = tracer.startSpan('POST /ask/stream', {
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/ask/stream',
      'http.response.status_code': 200,
      'user.id': `user-${turn % 1_000}`,
      'session.id': `session-${turn}`,
    },
  });
  const under = (/** @type {import('@opentelemetry/api').Span} */ parent) => trace.setSpan(context.active(), parent);
  for (let call = 0; call < 4; call++) {
    const chat = tracer.startSpan(
      'chat gpt-4o-mini',
      {
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-4o-mini',
          'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
          'gen_ai.response.id': `chatcmpl-${turn}-${call}`,
          'gen_ai.response.finish_reasons': [call < 3 ? 'tool_calls' : 'stop'],
          'gen_ai.usage.input_tokens': 1_200 + call,
          'gen_ai.usage.output_tokens': 85,
        },
      },
      under(root),
    );
    for (let tool = 0; call < 3 && tool < 2; tool++) {
      const attributes = {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'search',
        'gen_ai.tool.call.id': `call-${turn}-${call}-${tool}`,
      };
      const span = tracer.startSpan('execute_tool search', { attributes }, under(chat));
      if (turn % 50 === 0) span.setStatus({ code: SpanStatusCode.ERROR, message: 'no such row' });
      span.end();
    }
    chat.end();
  }
  root.end();
}

/**
 * What OpenTelemetry's exporter would send of so many traces, as protobuf.
 *
 * @param {number} traces
 * @param {boolean} rootsLast the root of each trace comes in a later request than its children
 */
export function spanBodies(traces, rootsLast) {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'chat', 'service.instance.id': 'chat-1' }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('bench');
  const bodies = [];
  const perPortion = 2_000;
  for (let from = 0; from < traces; from += perPortion) {
    for (let turn = from; turn < Math.min(traces, from + perPortion); turn++) makeTrace(tracer, turn);
    const spans = exporter.getFinishedSpans();
    const isRoot = (/** @type {typeof spans[number]} */ span) => span.parentSpanContext === undefined;
    const inOrder = rootsLast ? [...spans.filter((span) => !isRoot(span)), ...spans.filter(isRoot)] : spans;
    // A trace is not torn apart, as those of one process are not, mostly.
    const step = rootsLast ? SPANS_PER_BODY : Math.floor(SPANS_PER_BODY / SPANS_PER_TRACE) * SPANS_PER_TRACE;
    for (let at = 0; at < inOrder.length; at += step) {
      bodies.push(Buffer.from(ProtobufTraceSerializer.serializeRequest(inOrder.slice(at, at + step)) ?? []));
    }
    exporter.reset();
  }
  return bodies;
}
