import {
  ATTRIBUTES,
  firstChunkMs,
  isTraceFlow,
  SPAN_ATTRIBUTES,
  type Attributes,
  type CheckpointRecord,
  type ErrorInfo,
  type FlowRecord,
} from '@flow-tracking/protocol';
import {
  keyValues,
  SPAN_KIND,
  STATUS_CODE,
  unixNano,
  type ResourceSpans,
  type Span,
  type SpanEvent,
} from './otlp-json';
import { spanIdOf, traceIdOf } from './span-ids';

const SCOPE = '@flow-tracking/bridge';
/** How a flow or checkpoint stands, where OTLP has no word for it. */
const STATUS = 'flow.status';
/** Operations that call another service: their spans are a client's. */
const CALLS: ReadonlySet<unknown> = new Set(['chat', 'text_completion', 'generate_content', 'embeddings']);

interface Outcome {
  readonly status: string;
  readonly error: ErrorInfo | null;
}

/** An abort is no error: the client left. What timed out, or was lost with its process, is one. */
function spanStatus({ status, error }: Outcome): Span['status'] {
  if (status === 'ok' || status === 'running' || status === 'aborted') return { code: STATUS_CODE.unset };
  return { code: STATUS_CODE.error, message: error?.message ?? status.replace('_', ' ') };
}

function statusAttributes({ status, error }: Outcome): Attributes {
  return {
    ...(status !== 'ok' && status !== 'error' && { [STATUS]: status }),
    ...(error !== null && { [ATTRIBUTES.errorType]: error.type }),
  };
}

function exceptionOf(error: ErrorInfo | null, atTs: number): SpanEvent[] {
  if (error === null) return [];
  const attributes = keyValues({ 'exception.type': error.type, 'exception.message': error.message });
  return [{ timeUnixNano: unixNano(atTs), name: 'exception', attributes }];
}

function spanOfFlow(flow: FlowRecord): Span {
  const { flow_id: flowId, started_ts: startedTs, attributes } = flow;
  const endedTs = flow.ended_ts ?? startedTs + (flow.duration_ms ?? 0);
  return {
    traceId: traceIdOf(flowId, flow.trace_id),
    spanId: spanIdOf(flowId, null),
    parentSpanId: '',
    name: flow.name,
    kind: ATTRIBUTES.httpMethod in attributes ? SPAN_KIND.server : SPAN_KIND.internal,
    startTimeUnixNano: unixNano(startedTs),
    endTimeUnixNano: unixNano(endedTs),
    attributes: keyValues({
      ...attributes,
      'flow.id': flowId,
      'session.id': flow.session_id,
      'user.id': flow.user_id ?? undefined,
      'http.response.status_code': flow.http_status ?? undefined,
      ...statusAttributes(flow),
    }),
    events: exceptionOf(flow.error, endedTs),
    status: spanStatus(flow),
  };
}

/** When a node's span begins and ends: an instant checkpoint's is the time that it took to get there. */
function timesOf(node: CheckpointRecord, flowEndedTs: number): [startedTs: number, endedTs: number] {
  const { started_ts: startedTs, ended_ts: endedTs, duration_ms: durationMs, status } = node;
  if (endedTs !== null) return [startedTs, endedTs];
  if (status === 'running') return [startedTs, Math.max(startedTs, flowEndedTs)];
  return [startedTs - (durationMs ?? 0), startedTs];
}

/** Identity and attributes of a node's span: as they came, if the flow came as spans. */
function ownOf({ flow_id: flowId, node_id: nodeId, parent_id: parentId, checkpoint, attributes }: CheckpointRecord) {
  const {
    [SPAN_ATTRIBUTES.spanId]: spanId,
    [SPAN_ATTRIBUTES.parentSpanId]: parentSpanId,
    [SPAN_ATTRIBUTES.spanName]: name,
    ...rest
  } = attributes;
  if (!isTraceFlow(flowId) || typeof spanId !== 'string') {
    return { spanId: spanIdOf(flowId, nodeId), parentSpanId: spanIdOf(flowId, parentId), name: checkpoint, attributes };
  }
  return {
    spanId,
    parentSpanId: typeof parentSpanId === 'string' ? parentSpanId : '',
    name: typeof name === 'string' ? name : checkpoint,
    attributes: rest,
  };
}

/** How long a call waited for its first chunk, as the conventions have it: in s. Nothing else streams by them. */
function firstChunkOf(attributes: Attributes): Attributes {
  const ms = firstChunkMs(attributes);
  return ms === null ? {} : { [ATTRIBUTES.timeToFirstChunk]: ms / 1_000 };
}

function spanOfNode(flow: FlowRecord, node: CheckpointRecord): Span {
  const { error } = node;
  const { attributes, ...identity } = ownOf(node);
  const [startedTs, endedTs] = timesOf(node, flow.ended_ts ?? node.started_ts);
  const isCall = CALLS.has(attributes[ATTRIBUTES.operationName]) || ATTRIBUTES.requestModel in attributes;
  return {
    traceId: traceIdOf(flow.flow_id, flow.trace_id),
    ...identity,
    kind: isCall ? SPAN_KIND.client : SPAN_KIND.internal,
    startTimeUnixNano: unixNano(startedTs),
    endTimeUnixNano: unixNano(endedTs),
    attributes: keyValues({ ...(isCall && firstChunkOf(attributes)), ...attributes, ...statusAttributes(node) }),
    events: exceptionOf(error, endedTs),
    status: spanStatus(node),
  };
}

/**
 * A finished flow, or a part of it, as OTLP spans: one for the flow, and one for each checkpoint below it. A flow that came as
 * spans has one for each of those: its root is among them.
 *
 * @param isFirst the part has the flow's own span
 */
export function spansOfFlow(flow: FlowRecord, checkpoints: readonly CheckpointRecord[], isFirst: boolean): Span[] {
  const spans = checkpoints.map((node) => spanOfNode(flow, node));
  if (isFirst && !isTraceFlow(flow.flow_id)) spans.unshift(spanOfFlow(flow));
  return spans;
}

/** Spans of a flow with what recorded it. */
export function resourceSpans({ service, instance }: FlowRecord, spans: Span[], version: string): ResourceSpans {
  return {
    resource: { attributes: keyValues({ 'service.name': service, 'service.instance.id': instance }) },
    scopeSpans: [{ scope: { name: SCOPE, version }, spans }],
  };
}
