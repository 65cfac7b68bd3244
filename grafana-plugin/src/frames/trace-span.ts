import type { Attributes, ErrorInfo, JsonValue } from '@flow-tracking/protocol';
import type { DataFrame } from '@grafana/data';
import { columnsOf } from './read-rows';
import { attributesOf, eventsOf, listOf, textOf, type TraceEvent } from './trace-values';

/** A row of one of the frames that were given. */
export interface TracePlace {
  readonly frameIndex: number;
  readonly row: number;
}

/** A row of a trace frame. */
export interface TraceSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Null for a root. */
  readonly parentId: string | null;
  readonly operation: string;
  readonly service: string;
  /** Epoch ms. */
  readonly startedTs: number;
  /** Null when the frame does not say it. */
  readonly durationMs: number | null;
  /** Whether it failed; null when it says neither. */
  readonly hasFailed: boolean | null;
  /** Null unless it failed. */
  readonly error: ErrorInfo | null;
  /** Upper case; empty when unknown. */
  readonly kind: string;
  readonly tags: Attributes;
  /** Of the process, not of the span. */
  readonly resource: Attributes;
  /** What else is known, as attributes. */
  readonly rest: Attributes;
  /** Where it stands. */
  readonly place: TracePlace;
}

/** Without these a frame is no trace; all others may be missing. */
const REQUIRED = ['traceID', 'spanID', 'operationName', 'startTime', 'duration'];

export function isTraceFrame(frame: DataFrame): boolean {
  return REQUIRED.every((name) => frame.fields.some((field) => field.name === name));
}

/** An id of zeros stands for none, as in OTLP and B3. */
function idOf(value: string | null): string | null {
  return value === null || /^0*$/.test(value) ? null : value;
}

function saysTrue(value: JsonValue | undefined): boolean | null {
  if (value === undefined || value === null) return null;
  return value !== false && value !== 'false' && value !== '';
}

/** By OpenTelemetry's status (2 is an error, 1 is ok), or by the tag `error` as in Jaeger and Zipkin. */
function failureOf(code: string | null, tags: Attributes): boolean | null {
  const status = [code, textOf(tags, 'status.code'), textOf(tags, 'otel.status_code')].map((value) =>
    (value ?? '').toUpperCase().replace('STATUS_CODE_', ''),
  );
  const tagged = saysTrue(tags['error']);
  if (tagged === true || status.some((text) => text === '2' || text === 'ERROR')) return true;
  return tagged === false || status.some((text) => text === '1' || text === 'OK') ? false : null;
}

function exceptionOf(events: readonly TraceEvent[]): Attributes {
  const last = events.findLast(({ name, fields }) => name === 'exception' || fields['exception.type'] !== undefined);
  return last?.fields ?? events.findLast(({ fields }) => fields['event'] === 'error')?.fields ?? {};
}

function errorOf(statusMessage: string | null, tags: Attributes, exception: Attributes): ErrorInfo {
  const code = textOf(tags, 'http.response.status_code', 'http.status_code');
  const said = textOf(tags, 'errorValue', 'error');
  const message =
    (statusMessage === '' ? null : statusMessage) ??
    textOf(exception, 'exception.message', 'message') ??
    textOf(tags, 'otel.status_description', 'status.message', 'error.message', 'exception.message') ??
    (said === 'true' ? null : said) ??
    (code === null ? '' : `HTTP ${code}`);
  const type =
    textOf(exception, 'exception.type', 'error.kind') ?? textOf(tags, 'error.type', 'exception.type') ?? 'Error';
  return { type, message };
}

function eventAttribute({ ts, name, fields }: TraceEvent): JsonValue {
  return { ...(ts !== null && { ts }), ...(name !== null && { name }), ...fields };
}

/** Reads the rows of one frame. A row without an id or a time, or with something else in their place, is null. */
export function spanReader(frame: DataFrame, frameIndex: number): (row: number) => TraceSpan | null {
  const table = columnsOf(frame);
  const raw = (name: string, row: number): unknown => table.values(name)?.[row];
  return (row) => {
    const traceId = idOf(table.text('traceID', row));
    const spanId = idOf(table.text('spanID', row));
    const startedTs = table.number('startTime', row);
    const duration = raw('duration', row) ?? null;
    const durationMs = table.number('duration', row);
    if (traceId === null || spanId === null || startedTs === null) return null;
    if (duration !== null && (durationMs === null || durationMs < 0)) return null;
    const tags = attributesOf(raw('tags', row));
    const events = eventsOf(raw('logs', row));
    const exception = exceptionOf(events);
    const hasFailed = failureOf(table.text('statusCode', row), tags);
    const statusMessage = table.text('statusMessage', row);
    const kind = table.text('kind', row) ?? textOf(tags, 'span.kind', 'kind') ?? '';
    const lists = { warnings: 'warnings', stack_traces: 'stackTraces', links: 'references' };
    const texts = {
      'otel.scope.name': 'instrumentationLibraryName',
      'otel.scope.version': 'instrumentationLibraryVersion',
      trace_state: 'traceState',
    };
    const stack = textOf(exception, 'exception.stacktrace', 'stack');
    const rest: Attributes = {
      ...(kind !== '' && { 'span.kind': kind }),
      ...(hasFailed !== true && statusMessage !== null && statusMessage !== '' && { 'status.message': statusMessage }),
    };
    for (const [name, field] of Object.entries(texts)) {
      const text = table.text(field, row);
      if (text !== null && text !== '') rest[name] = text;
    }
    for (const [name, field] of Object.entries(lists)) {
      const list = listOf(raw(field, row));
      if (list.length > 0) rest[name] = list as JsonValue[];
    }
    if (events.length > 0) rest['events'] = events.map(eventAttribute);
    if (stack !== null) rest['exception.stacktrace'] = stack;
    return {
      traceId,
      spanId,
      parentId: idOf(table.text('parentSpanID', row)),
      operation: table.text('operationName', row) ?? '',
      service: table.text('serviceName', row) ?? '',
      startedTs,
      durationMs,
      hasFailed,
      error: hasFailed === true ? errorOf(statusMessage, tags, exception) : null,
      kind: kind.toUpperCase(),
      tags,
      resource: attributesOf(raw('serviceTags', row)),
      rest,
      place: { frameIndex, row },
    };
  };
}
