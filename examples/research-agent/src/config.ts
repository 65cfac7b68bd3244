/** Where the spans go. OpenTelemetry's own default is a collector on port 4318. */
export const tracesEndpoint = (env: NodeJS.ProcessEnv = process.env): string =>
  env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? 'http://localhost:8090/v1/traces';
