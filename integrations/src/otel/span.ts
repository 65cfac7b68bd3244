/** A span of OpenTelemetry's SDK, 1 or 2, as far as it is read here. */
export interface FlowSpan {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code: number; readonly message?: string };
  readonly events: readonly { readonly name: string; readonly attributes?: Readonly<Record<string, unknown>> }[];
  /** Seconds and nanoseconds since the epoch. */
  readonly startTime: readonly [number, number];
  spanContext(): { readonly traceId: string; readonly spanId: string };
  /** Of version 2. */
  readonly parentSpanContext?: { readonly spanId: string };
  /** Of version 1. */
  readonly parentSpanId?: string;
}

const SERVER_KIND = 1;
const ERROR_CODE = 2;

export const parentIdOf = (span: FlowSpan): string | undefined => span.parentSpanContext?.spanId ?? span.parentSpanId;

/** Epoch ms. */
export const startedAtOf = ({ startTime: [seconds, nanos] }: FlowSpan): number => seconds * 1e3 + nanos / 1e6;

/** A request that came in by HTTP. */
export function isHttpRequest({ kind, attributes }: FlowSpan): boolean {
  return kind === SERVER_KIND && (attributes['http.request.method'] ?? attributes['http.method']) !== undefined;
}

/** Why the span has failed; undefined: it has not. An exception alone is no failure, it may have been dealt with. */
export function errorOf({ status, events, attributes }: FlowSpan): { code: unknown; message: unknown } | undefined {
  if (status.code !== ERROR_CODE) return undefined;
  const exception = events.findLast(({ name }) => name === 'exception')?.attributes;
  return {
    code: exception?.['exception.type'] ?? attributes['error.type'] ?? 'Error',
    message: exception?.['exception.message'] ?? status.message,
  };
}
