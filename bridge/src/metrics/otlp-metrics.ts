import type { Registry } from 'prom-client';
import { readCounter } from './readings';

/** Spans that came by OTLP, by what became of them. */
export type OtlpSource = Readonly<Record<string, number>>;

/** Registers what tells of spans that came in. */
export function registerOtlpMetrics(registry: Registry, spans: OtlpSource): void {
  readCounter({
    registry,
    name: 'flow_bridge_otlp_spans_total',
    help: 'Spans that came by OTLP: taken, or refused one by one; those of requests refused as a whole are not known.',
    labelNames: ['result'],
    read: () => Object.entries(spans).map(([result, count]) => [{ result }, count] as const),
  });
}
