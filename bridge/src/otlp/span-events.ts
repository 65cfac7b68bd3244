import { flowIdTime, type CheckpointEndEvent, type CheckpointEvent, type FlowEndEvent } from '@flow-tracking/protocol';
import { factOf, rootFactOf } from './facts';
import type { MappedSpan } from './map-span';
import type { NumberedPart, SpanNumbers } from './number-spans';

const MICROS_PER_MS = 1_000;

/** Exact to the µs, as times are. */
const durationOf = ({ startMs, endMs }: MappedSpan): number =>
  Math.round((endMs - startMs) * MICROS_PER_MS) / MICROS_PER_MS;

function nodeOf(flowId: string, span: MappedSpan, { node, parentNode, seq }: SpanNumbers) {
  return {
    flow_id: flowId,
    seq,
    node_id: node,
    parent_id: parentNode === -1 ? null : parentNode,
    checkpoint: span.checkpoint,
    attributes: span.attributes,
  };
}

function checkpointOf(flowId: string, span: MappedSpan, numbers: SpanNumbers): CheckpointEvent | CheckpointEndEvent {
  const node = nodeOf(flowId, span, numbers);
  if (span.isPending) return { type: 'checkpoint', ...node, ts: span.startMs, status: 'running' };
  return {
    type: 'checkpoint_end',
    ...node,
    ts: span.endMs,
    started_ts: span.startMs,
    status: span.error === undefined ? 'ok' : 'error',
    duration_ms: durationOf(span),
    ...(span.error !== undefined && { error: span.error }),
  };
}

function flowEndOf(flowId: string, span: MappedSpan, seq: number): FlowEndEvent {
  const { error, httpStatus } = span;
  return {
    type: 'flow_end',
    flow_id: flowId,
    seq,
    ts: span.endMs,
    status: error === undefined ? 'ok' : 'error',
    duration_ms: durationOf(span),
    ...(httpStatus !== undefined && { http_status: httpStatus }),
    ...(error !== undefined && { error }),
  };
}

/** A `flow_identified` with the fields of a fact, which are JSON already. */
function identified(flowId: string, seq: number, ts: number, fact: string): string {
  return `${JSON.stringify({ type: 'flow_identified', flow_id: flowId, seq, ts }).slice(0, -1)},${fact.slice(1)}`;
}

/** The start as it was proposed first, with what only the trace's hash knows. */
function startOf(flowId: string, start: string): string {
  const ts = flowIdTime(flowId);
  const known = { type: 'flow_start', flow_id: flowId, seq: 0, ts, session_id: flowId };
  return `${JSON.stringify(known).slice(0, -1)},${start.slice(1)}`;
}

/** The events of a part, as JSON each. The same part gives the same ones again, but for the start and facts once they are written. */
export function eventsOf({ part, flowId, start, numbers }: NumberedPart): string[] {
  const events: string[] = [];
  if (start !== '') events.push(startOf(flowId, start));
  const told = new Set<number>();
  const tell = (seq: number, span: MappedSpan, textOf: (span: MappedSpan) => string): void => {
    if (seq === -1 || told.has(seq)) return;
    told.add(seq);
    events.push(identified(flowId, seq, span.startMs, textOf(span)));
  };
  part.spans.forEach((span, i) => {
    const own = numbers[i];
    if (own === undefined) return;
    tell(own.factSeq, span, factOf);
    tell(own.rootFactSeq, span, rootFactOf);
    if (own.seq !== -1) events.push(JSON.stringify(checkpointOf(flowId, span, own)));
    if (own.endSeq !== -1) events.push(JSON.stringify(flowEndOf(flowId, span, own.endSeq)));
  });
  return events;
}
