import type { Attributes, JsonValue } from '@flow-tracking/protocol';

/** A span as OTLP has it, as far as it is read. Nothing of it is checked yet. */
export interface OtlpSpan {
  /** Hexadecimal, in lower case. */
  traceId: string;
  spanId: string;
  /** Empty: a root. */
  parentId: string;
  /** Bits 8 and 9 tell whether the parent is of another process. */
  flags: number;
  name: string;
  /** Epoch ms with a µs fraction. */
  startMs: number;
  endMs: number;
  attributes: Attributes;
  /** 2: failed. */
  statusCode: number;
  statusMessage: string;
  /** Of the last event named `exception`; null: there is none. */
  exception: Attributes | null;
}

/** Spans of one resource, mostly a process. */
export interface ResourceSpans {
  resource: Attributes;
  /** Null for what is no span at all. */
  spans: (OtlpSpan | null)[];
}

/** Values are read to this depth. */
export const MAX_DEPTH = 16;
/** Stands for what is deeper. */
export const TOO_DEEP = '…';

const NANOS_PER_MICRO = 1_000;
const MICROS_PER_MS = 1_000;

/** Epoch ns, which a number holds to a quarter of a µs, as epoch ms with a µs fraction. */
export function msOfNanos(nanos: number): number {
  return Math.round(nanos / NANOS_PER_MICRO) / MICROS_PER_MS;
}

/** JSON has no other numbers. */
export function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Sets an attribute of any name: that of a setter, too. */
export function setAttribute(attributes: Attributes, name: string, value: JsonValue): void {
  if (name === '__proto__')
    Object.defineProperty(attributes, name, { value, enumerable: true, configurable: true, writable: true });
  else attributes[name] = value;
}
