import type { Registry } from 'prom-client';
import type { SpanExport } from '../span-export/start-span-export';
import { readCounter, readGauge, single } from './readings';

/** The export of spans, as far as it is told. */
export type SpanExportSource = Pick<SpanExport, 'counts' | 'waiting'>;

/** Registers what tells of flows that are sent on as spans. */
export function registerSpanExportMetrics(registry: Registry, source: SpanExportSource): void {
  const { counts } = source;
  readGauge({
    registry,
    name: 'flow_bridge_span_export_waiting_flows',
    help: 'Finished flows that wait to be sent to FLOW_OTLP_ENDPOINT.',
    read: () => single(source.waiting),
  });
  readCounter({
    registry,
    name: 'flow_bridge_span_export_spans_total',
    help: 'Spans that the collector was given: taken, or rejected in an answer of partial success.',
    labelNames: ['outcome'],
    read: () => [
      [{ outcome: 'taken' }, counts.sent],
      [{ outcome: 'rejected' }, counts.rejected],
    ],
  });
  readCounter({
    registry,
    name: 'flow_bridge_span_export_dropped_flows_total',
    help: 'Finished flows that were not sent, by reason; history has them.',
    labelNames: ['reason'],
    read: () => Object.entries(counts.dropped).map(([reason, count]) => [{ reason }, count] as const),
  });
}
