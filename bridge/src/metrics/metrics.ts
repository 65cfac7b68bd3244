import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ServedRequest } from '../http/observe-requests';
import type { WrittenBatch } from '../ingest/history-batch';
import { registerHistoryMetrics, type HistorySource } from './history-metrics';
import { registerHttpMetrics } from './http-metrics';
import { registerLiveMetrics, type LiveSource } from './live-metrics';
import { registerOtlpMetrics, type OtlpSource } from './otlp-metrics';
import { registerServerMetrics, type ServerSource } from './server-metrics';
import { registerSpanExportMetrics, type SpanExportSource } from './span-export-metrics';

/** What one bridge tells Prometheus. The services only count; all that knows of Prometheus is in this folder. */
export interface Metrics {
  /** Call it after every commit. */
  readonly onBatch: (batch: WrittenBatch) => void;
  /** Call it after every request. */
  readonly onRequest: (request: ServedRequest) => void;
  /** Prometheus' text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** What the metrics are read from, at every scrape. */
export interface MetricSources {
  history: HistorySource;
  live: LiveSource;
  /** Without it no spans are sent. */
  spanExport?: SpanExportSource | undefined;
  servers: ServerSource;
  spans?: OtlpSource;
}

/** A registry of its own per bridge: several may run in one process. */
export function createMetrics({ history, live, spanExport, servers, spans = {} }: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerServerMetrics(registry, servers);
  registerLiveMetrics(registry, live);
  if (spanExport !== undefined) registerSpanExportMetrics(registry, spanExport);
  registerOtlpMetrics(registry, spans);
  return {
    onBatch: registerHistoryMetrics(registry, history),
    onRequest: registerHttpMetrics(registry),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
