import type { Attributes, CheckpointRecord, FlowRecord } from '@flow-tracking/protocol';
import type { FlowView } from '@flow-tracking/protocol/model';
import type { DataFrame, Field, FieldType } from '@grafana/data';

/** A span, in the fields that Grafana's trace view reads. */
interface Span {
  spanID: string;
  parentSpanID: string | null;
  operationName: string;
  startTime: number;
  /** Ms. */
  duration: number;
  tags: Attributes;
  error: FlowRecord['error'];
  status: string;
}

interface Pair {
  readonly key: string;
  readonly value: unknown;
}

const pairs = (attributes: Attributes): Pair[] => Object.entries(attributes).map(([key, value]) => ({ key, value }));

function spanOfFlow(flow: FlowRecord, lastTs: number): Span {
  return {
    spanID: flow.flow_id,
    parentSpanID: null,
    operationName: flow.name === '' ? flow.flow_id : flow.name,
    startTime: flow.started_ts,
    duration: flow.duration_ms ?? Math.max(0, lastTs - flow.started_ts),
    tags: {
      ...flow.attributes,
      'flow.status': flow.status,
      'session.id': flow.session_id,
      ...(flow.user_id !== null && { 'user.id': flow.user_id }),
      ...(flow.http_status !== null && { 'http.response.status_code': flow.http_status }),
      ...(flow.trace_id !== null && { 'flow.trace_id': flow.trace_id }),
    },
    error: flow.error,
    status: flow.status,
  };
}

/** An instant checkpoint's duration is what it took to get there: it is a point, and no span of that time. */
function spanOfCheckpoint(checkpoint: CheckpointRecord, lastTs: number): Span {
  const { started_ts: startTime, status } = checkpoint;
  const endTs = checkpoint.ended_ts ?? (status === 'running' ? Math.max(lastTs, startTime) : startTime);
  return {
    spanID: `${checkpoint.flow_id}:${checkpoint.node_id}`,
    parentSpanID: checkpoint.parent_id === null ? checkpoint.flow_id : `${checkpoint.flow_id}:${checkpoint.parent_id}`,
    operationName: checkpoint.checkpoint,
    startTime,
    duration: endTs - startTime,
    tags: { ...checkpoint.attributes, 'flow.status': status },
    error: checkpoint.error,
    status,
  };
}

const FAILED = ['error', 'timed_out', 'lost'];
/** Codes of OpenTelemetry's span status: unset, and error. */
const statusCode = ({ status }: Span): number => (FAILED.includes(status) ? 2 : 0);

/**
 * A flow as Grafana's trace view takes it: the flow is the root span, and each checkpoint a span. What runs still goes up to
 * the latest that is known.
 *
 * @see https://grafana.com/developers/plugin-tools/tutorials/build-a-data-source-plugin#traces
 */
export function traceFrame({ flow, checkpoints }: FlowView): DataFrame {
  const lastTs = checkpoints.reduce(
    (last, { started_ts: startTs, ended_ts: endTs }) => Math.max(last, endTs ?? startTs),
    flow.ended_ts ?? flow.started_ts,
  );
  const spans = [spanOfFlow(flow, lastTs), ...checkpoints.map((checkpoint) => spanOfCheckpoint(checkpoint, lastTs))];
  const serviceTags: Pair[] = pairs({ 'service.name': flow.service, 'service.instance.id': flow.instance });
  const field = (name: string, type: string, value: (span: Span) => unknown): Field => ({
    name,
    type: type as FieldType,
    config: {},
    values: spans.map(value),
  });
  return {
    name: 'trace',
    length: spans.length,
    meta: { preferredVisualisationType: 'trace', custom: { traceFormat: 'otlp' } },
    fields: [
      field('traceID', 'string', () => flow.flow_id),
      field('spanID', 'string', (span) => span.spanID),
      field('parentSpanID', 'string', (span) => span.parentSpanID),
      field('operationName', 'string', (span) => span.operationName),
      field('serviceName', 'string', () => flow.service),
      field('serviceTags', 'other', () => serviceTags),
      field('startTime', 'number', (span) => span.startTime),
      field('duration', 'number', (span) => span.duration),
      field('kind', 'string', (span) => (span.parentSpanID === null ? 'server' : 'internal')),
      field('statusCode', 'number', statusCode),
      field('statusMessage', 'string', (span) => span.error?.message ?? ''),
      field('tags', 'other', (span) => [
        ...pairs(span.tags),
        ...(statusCode(span) === 2 ? [{ key: 'error', value: true }] : []),
      ]),
      field('logs', 'other', (span) =>
        span.error === null
          ? []
          : [
              {
                timestamp: span.startTime + span.duration,
                name: 'exception',
                fields: pairs({ 'exception.type': span.error.type, 'exception.message': span.error.message }),
              },
            ],
      ),
    ],
  };
}
