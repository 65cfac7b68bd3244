import { context, trace } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NAMES } from '../targets.mjs';

/** @typedef {import('./run-rounds.mjs').Target} Target */

/**
 * The same flow as OpenTelemetry spans: one for the request and one per checkpoint, batched and serialised to OTLP JSON.
 * The bytes are thrown away, so that, unlike the middleware, it pays for no network.
 *
 * @returns {Target}
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
    name: NAMES.spans,
    recordFlow(checkpoints) {
      const root = tracer.startSpan('POST /ask/stream', { attributes: { 'user.id': '123' } });
      const inRoot = trace.setSpan(context.active(), root);
      for (let i = 0; i < checkpoints; i++) {
        tracer.startSpan('tool_call', { attributes: { 'gen_ai.tool.name': 'search' } }, inRoot).end();
      }
      root.end();
    },
    // The processor does so when it exports.
    encode: () => undefined,
    flush: () => processor.forceFlush(),
    async close() {
      await provider.shutdown();
      if (exportedBytes === 0) throw new Error('nothing was exported: the figures are void');
    },
  };
}
