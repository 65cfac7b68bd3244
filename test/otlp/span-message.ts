import { randomBytes } from 'node:crypto';

export const newTraceId = (): string => randomBytes(16).toString('hex');
export const newSpanId = (): string => randomBytes(8).toString('hex');

/** What a test says of a span. */
export interface SpanOptions {
  traceId: string;
  spanId?: string;
  /** Without it, a root. */
  parentId?: string;
  name?: string;
  startMs?: number;
  /** @default 10 ms after the start */
  endMs?: number;
  /** It tells that the span has begun. */
  isPending?: boolean;
  attributes?: Readonly<Record<string, string>>;
}

const NO_ID = '0'.repeat(16);
const nanos = (ms: number): string => `${Math.round(ms * 1e3)}000`;

/** A span as OTLP's JSON has it; a pending one as Logfire's SDKs make it. */
export function spanOf(options: SpanOptions): Record<string, unknown> {
  const { traceId, spanId = newSpanId(), parentId, name = 'step', isPending = false } = options;
  const { startMs = Date.now(), endMs = isPending ? startMs : startMs + 10 } = options;
  const pending = isPending && {
    'logfire.span_type': 'pending_span',
    'logfire.pending_parent_id': parentId ?? NO_ID,
  };
  const attributes = Object.entries({ ...options.attributes, ...pending });
  return {
    traceId,
    spanId: isPending ? newSpanId() : spanId,
    parentSpanId: isPending ? spanId : (parentId ?? ''),
    name,
    startTimeUnixNano: nanos(startMs),
    endTimeUnixNano: nanos(endMs),
    attributes: attributes.map(([key, stringValue]) => ({ key, value: { stringValue } })),
  };
}

/** Posts spans to a bridge, as JSON. */
export function postSpans(bridgeUrl: string, spans: readonly unknown[]): Promise<Response> {
  return fetch(`${bridgeUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    signal: AbortSignal.timeout(30_000),
  });
}
