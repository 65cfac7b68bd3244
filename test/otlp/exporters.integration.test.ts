import path from 'node:path';
import { describeAgent } from './agent-suite';

/** As docs/opentelemetry.md has it. */
const opentelemetry = (protocol: string) => (url: string, token: string) => ({
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces`,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: `authorization=Bearer%20${token}`,
  OTEL_SERVICE_NAME: 'agents',
});

for (const protocol of ['http/protobuf', 'http/json']) {
  describeAgent(`OpenTelemetry's Node SDK, ${protocol}`, {
    file: () => path.join(__dirname, 'opentelemetry.mjs'),
    env: opentelemetry(protocol),
    isPending: false,
    service: 'agents',
  });
}

describeAgent("Logfire's package `logfire` on OpenTelemetry's Node SDK", {
  file: () => path.join(__dirname, 'logfire.mjs'),
  env: opentelemetry('http/protobuf'),
  isPending: true,
  service: 'agents',
});
