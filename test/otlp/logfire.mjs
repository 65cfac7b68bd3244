// Logfire's npm package `logfire` as it is, on OpenTelemetry's Node SDK: its processor tells the beginning of spans.
// docs:begin
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { PendingSpanProcessor } from 'logfire';

const batch = new BatchSpanProcessor(new OTLPTraceExporter());
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'agents' }),
  spanProcessors: [batch, new PendingSpanProcessor(batch)],
});
provider.register();
// docs:end

const { startSpan } = await import('logfire');
const { runAgent } = await import('./agent.mjs');

runAgent({
  start: (name, attributes, parentSpan) => startSpan(name, attributes, parentSpan && { parentSpan }),
  flush: () => provider.forceFlush(),
  close: () => provider.shutdown(),
});
