// OpenTelemetry's Node SDK as it is. All that it knows of the bridge stands in the environment.
import { context, trace } from '@opentelemetry/api';
import { detectResources, envDetector } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { runAgent } from './agent.mjs';

const json = process.env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL === 'http/json';
const { OTLPTraceExporter } = await import(`@opentelemetry/exporter-trace-otlp-${json ? 'http' : 'proto'}`);
const provider = new NodeTracerProvider({
  resource: detectResources({ detectors: [envDetector] }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
const tracer = provider.getTracer('agent');

runAgent({
  start: (name, attributes, parent) =>
    tracer.startSpan(name, { attributes }, parent && trace.setSpan(context.active(), parent)),
  flush: () => provider.forceFlush(),
  close: () => provider.shutdown(),
});
