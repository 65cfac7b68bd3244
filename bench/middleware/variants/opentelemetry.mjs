import { trace, context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** @typedef {import('../server.mjs').Variant} Variant */

/** A tracer whose spans go to the collector by OTLP, with queues that drop nothing here. @param {string} otlpUrl */
export function createProvider(otlpUrl) {
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url: otlpUrl, concurrencyLimit: 10_000 }), {
    maxQueueSize: 1_000_000,
  });
  const provider = new NodeTracerProvider({ spanProcessors: [processor] });
  provider.register();
  return provider;
}

/** The six checkpoints as spans under the active one. @param {import('@opentelemetry/api').Tracer} tracer */
export function recordSpans(tracer) {
  tracer.startSpan('auth_check', { attributes: { status: 'passed' } }).end();
  tracer.startSpan('block_check', { attributes: { status: 'passed' } }).end();
  tracer.startSpan('usage_check', { attributes: { tokens_left: 950 } }).end();
  tracer.startSpan('llm_thinking', { attributes: { 'gen_ai.request.model': 'gpt-4o' } }).end();
  tracer.startSpan('tool_call', { attributes: { 'gen_ai.tool.name': 'search' } }).end();
  tracer.startSpan('llm_complete', { attributes: { 'gen_ai.usage.output_tokens': 812 } }).end();
}

/**
 * OpenTelemetry by hand: a span for the request, ended with it, and one for each checkpoint.
 *
 * @param {{ otlpUrl: string }} urls
 * @returns {Promise<Variant>}
 */
export function createVariant({ otlpUrl }) {
  const provider = createProvider(otlpUrl);
  const tracer = provider.getTracer('bench');
  return Promise.resolve({
    before: [
      (_req, res, next) => {
        const span = tracer.startSpan('GET /ask/:id', { attributes: { 'user.id': '123', 'http.route': '/ask/:id' } });
        res.on('close', () => {
          span.setAttribute('http.response.status_code', res.statusCode);
          span.end();
        });
        context.with(trace.setSpan(context.active(), span), next);
      },
    ],
    handler: (_req, res) => {
      recordSpans(tracer);
      res.json({ ok: true });
    },
    flush: () => provider.forceFlush(),
    recorded: () => ({ events: 0, dropped: 0 }),
    close: () => provider.shutdown(),
  });
}
