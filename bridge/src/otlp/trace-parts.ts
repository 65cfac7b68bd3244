import { spanText, traceFlowId, type Attributes } from '@flow-tracking/protocol';
import { problemOf } from './check-span';
import { mapSpan, type IdentityAttributes, type MappedSpan } from './map-span';
import type { TracePart } from './number-spans';
import { isNewTrace } from './recall';
import { fitAttributes } from './span-attributes';
import type { ResourceSpans } from './spans';

/** Of a resource, what is kept of the flow: a process may tell its whole command line besides. */
const FLOW_ATTRIBUTES = [
  'service.namespace',
  'service.version',
  'deployment.environment.name',
  'telemetry.sdk.language',
  'telemetry.sdk.name',
];

interface Trace {
  traceId: string;
  resource: Attributes;
  spans: MappedSpan[];
}

/** What came in one request. */
export interface Intake {
  traces: Trace[];
  taken: number;
  refused: number;
  /** Why the first one was refused; empty: none was. */
  problem: string;
}

/** Maps the spans that can be taken, by trace. */
export function intakeOf(groups: readonly ResourceSpans[], identity: IdentityAttributes, nowMs: number): Intake {
  const traces = new Map<string, Trace>();
  const intake = { taken: 0, refused: 0, problem: '' };
  for (const { resource, spans } of groups) {
    for (const span of spans) {
      const problem = problemOf(span, nowMs);
      const mapped = problem === undefined && span !== null ? mapSpan(span, identity) : undefined;
      if (mapped === undefined) {
        intake.refused += 1;
        intake.problem ||= problem ?? 'parent_span_id: expected the span that is pending, got none';
        continue;
      }
      intake.taken += 1;
      const trace = traces.get(mapped.traceId);
      if (trace === undefined) traces.set(mapped.traceId, { traceId: mapped.traceId, resource, spans: [mapped] });
      else trace.spans.push(mapped);
    }
  }
  return { ...intake, traces: [...traces.values()] };
}

function textOf(value: unknown, fallback: string): string {
  return spanText(typeof value === 'string' && value !== '' ? value : fallback);
}

/** The fields of a `flow_start` that the trace's first spans tell. */
function startOf({ traceId, resource }: Trace): string {
  const service = textOf(resource['service.name'], 'unknown_service');
  const known = FLOW_ATTRIBUTES.filter((name) => resource[name] !== undefined && resource[name] !== null);
  const attributes = fitAttributes(Object.fromEntries(known.map((name) => [name, resource[name] ?? null])));
  return JSON.stringify({
    name: service,
    service,
    instance: textOf(resource['service.instance.id'] ?? resource['host.name'], service),
    trace_id: traceId,
    attributes,
  });
}

/** One trace's spans in parts of at most so many, in the order in which they began. */
export function* partsOf(trace: Trace, most: number, memoryS: number): Iterable<TracePart> {
  const spans = trace.spans.sort((a, b) => a.startMs - b.startMs);
  const flowId = traceFlowId(spans[0]?.startMs ?? 0, trace.traceId);
  const start = startOf(trace);
  const isNew = isNewTrace(spans, Date.now(), memoryS);
  for (let i = 0; i < spans.length; i += most) {
    yield { traceId: trace.traceId, flowId, start, isNew, spans: spans.slice(i, i + most) };
  }
}

/** Which stream a trace is written to: the same for all of its spans, whoever gets them. */
export function partitionOf(traceId: string, partitions: number): number {
  return Number.parseInt(traceId.slice(-8), 16) % partitions;
}
