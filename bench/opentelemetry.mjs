import { context, trace } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** @typedef {import('./run-rounds.mjs').Subject} Subject */

/**
 * The same flow as OpenTelemetry spans: one for the request and one per checkpoint, batched and serialised to OTLP JSON.
 * The bytes are thrown away, so that, unlike the middleware, it pays for no network.
 *
 * @returns {Subject}
 */
export function createOpenTelemetry() {
  let exportedBytes = 0;
  /** @type {import('@opentelemetry/sdk-trace-base').SpanExporter} */
  const exporter = {
    export(spans, done) {
      exportedBytes += JsonTraceSerializer.serializeRequest(spans)?.length ?? 0;
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  // A queue that drops nothing here.
  const processor = new BatchSpanProcessor(exporter, { maxQueueSize: 100_000 });
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer('bench');
  return {
    name: 'OpenTelemetry spans',
    recordFlow() {
      const root = tracer.startSpan('POST /ask/stream', { attributes: { 'user.id': '123' } });
      const inRoot = trace.setSpan(context.active(), root);
      tracer.startSpan('auth_check', { attributes: { status: 'passed' } }, inRoot).end();
      tracer.startSpan('block_check', { attributes: { status: 'passed' } }, inRoot).end();
      tracer.startSpan('usage_check', { attributes: { tokens_left: 950 } }, inRoot).end();
      const llm = tracer.startSpan('llm_thinking', { attributes: { 'gen_ai.request.model': 'gpt-4o' } }, inRoot);
      const inLlm = trace.setSpan(inRoot, llm);
      tracer.startSpan('tool_call', { attributes: { 'gen_ai.tool.name': 'search' } }, inLlm).end();
      llm.setAttribute('gen_ai.usage.output_tokens', 812);
      llm.end();
      tracer.startSpan('llm_complete', {}, inRoot).end();
      root.end();
    },
    flush: () => processor.forceFlush(),
    async close() {
      await provider.shutdown();
      if (exportedBytes === 0) throw new Error('nothing was exported: the figures are void');
    },
  };
}
