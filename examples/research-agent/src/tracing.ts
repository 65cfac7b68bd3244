import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { PendingSpans } from './pending-spans';

/** A step shows this much later, ms; OpenTelemetry's own 5 s would be too late for what runs. */
const SEND_EVERY_MS = 200;

/** Sends all spans of the process to `url`, as those of `service`. */
export function startTracing(service: string, url: string): NodeTracerProvider {
  const sender = new BatchSpanProcessor(new OTLPTraceExporter({ url }), { scheduledDelayMillis: SEND_EVERY_MS });
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': service })),
    spanProcessors: [new PendingSpans(sender)],
  });
  provider.register();
  return provider;
}
