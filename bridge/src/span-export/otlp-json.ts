import type { JsonValue } from '@flow-tracking/protocol';

/*
 * What OTLP/JSON is made of, as far as it is used here: ids in hex, 64-bit numbers as text, enums as numbers.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */

export type AnyValue =
  | Record<string, never>
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: AnyValue[] } }
  | { kvlistValue: { values: KeyValue[] } };

export interface KeyValue {
  key: string;
  value: AnyValue;
}

export const SPAN_KIND = { internal: 1, server: 2, client: 3 } as const;
export const STATUS_CODE = { unset: 0, error: 2 } as const;

export interface SpanEvent {
  timeUnixNano: string;
  name: string;
  attributes: KeyValue[];
}

export interface Span {
  traceId: string;
  spanId: string;
  /** Empty: the span is a root. */
  parentSpanId: string;
  name: string;
  kind: (typeof SPAN_KIND)[keyof typeof SPAN_KIND];
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
  events: SpanEvent[];
  status: { code: (typeof STATUS_CODE)[keyof typeof STATUS_CODE]; message?: string };
}

export interface ResourceSpans {
  resource: { attributes: KeyValue[] };
  scopeSpans: { scope: { name: string; version: string }; spans: Span[] }[];
}

function anyValue(value: JsonValue): AnyValue {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value) } };
}

/** Attributes in the form of OTLP; those that are undefined are left out. */
export function keyValues(attributes: Readonly<Record<string, JsonValue | undefined>>): KeyValue[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

const NANOS_PER_MICRO = 1_000n;

/** Epoch ms with a µs fraction as nanoseconds. */
export function unixNano(ms: number): string {
  // As a number it would lose the last digits.
  return (BigInt(Math.round(ms * 1_000)) * NANOS_PER_MICRO).toString();
}
