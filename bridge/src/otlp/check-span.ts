import type { OtlpSpan } from './spans';

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const NO_ID = /^0*$/;
/** Clocks that are off by more than a day would have their flows in partitions of other days. */
const MAX_AHEAD_MS = 24 * 3_600_000;

export const isSpanId = (id: string): boolean => SPAN_ID.test(id) && !NO_ID.test(id);

/** Why a span can't be taken, in words for its exporter; undefined: it can. */
export function problemOf(span: OtlpSpan | null, nowMs: number): string | undefined {
  if (span === null) return 'span: expected an object';
  const { traceId, spanId, parentId, startMs, endMs } = span;
  if (!TRACE_ID.test(traceId) || NO_ID.test(traceId)) return 'trace_id: expected 16 bytes that are not all 0';
  if (!isSpanId(spanId)) return 'span_id: expected 8 bytes that are not all 0';
  if (!NO_ID.test(parentId) && !SPAN_ID.test(parentId)) return 'parent_span_id: expected 8 bytes or none';
  if (!(startMs > 0)) return 'start_time_unix_nano: expected a time';
  if (!(endMs > 0)) return 'end_time_unix_nano: expected a time, as spans are sent when they end';
  if (Math.max(startMs, endMs) > nowMs + MAX_AHEAD_MS) return 'time: expected one at most a day ahead of the bridge';
  return undefined;
}
