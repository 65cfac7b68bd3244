import { LIMITS, SPAN_ATTRIBUTES, type Attributes, type JsonValue } from '@flow-tracking/protocol';
import { setAttribute } from './spans';

/** Characters of one value, and of all of a span: an event stays below `LIMITS.eventBytes`, also where each takes 3 bytes. */
const MAX_VALUE = 4 * 1024;
const MAX_ALL = 16 * 1024;
const MAX_NAME = 255;
/** Room for what the bridge adds: those of the span, and the count of those that did not fit. */
const MAX_COUNT = LIMITS.attributes - Object.keys(SPAN_ATTRIBUTES).length - 1;
/** What a number, a boolean or null counts. */
const OTHER_SIZE = 8;
const CUT_MARK = '…';
/** As OpenTelemetry counts attributes that did not fit. */
const DROPPED = 'otel.dropped_attributes_count';

/** A value as it is kept: itself, if it is not too long and well-formed. */
function fit(value: JsonValue): { value: JsonValue; size: number } {
  if (typeof value !== 'object' || value === null) {
    const text = typeof value === 'string' ? value : undefined;
    if (text === undefined) return { value, size: OTHER_SIZE };
    if (text.length <= MAX_VALUE) return { value: text.toWellFormed(), size: text.length };
    return { value: text.slice(0, MAX_VALUE).toWellFormed() + CUT_MARK, size: MAX_VALUE };
  }
  const text = JSON.stringify(value);
  return text.length <= MAX_VALUE ? { value, size: text.length } : fit(text);
}

/** Whether all of it is within the limits, as nearly always: then there is nothing to copy. */
function fitsAsItIs(attributes: Attributes): boolean {
  let left = MAX_ALL;
  let count = 0;
  for (const name in attributes) {
    if (name.length > MAX_NAME || !name.isWellFormed()) return false;
    const given = attributes[name] ?? null;
    const { value, size } = fit(given);
    if (value !== given) return false;
    left -= name.length + size;
    count += 1;
  }
  return left >= 0 && count <= MAX_COUNT;
}

/** Attributes within the limits of an event, those given if they are; what is left out is counted. */
export function fitAttributes(attributes: Attributes): Attributes {
  if (fitsAsItIs(attributes)) return attributes;
  const fitted: Attributes = {};
  let left = MAX_ALL;
  let count = 0;
  let dropped = 0;
  for (const name in attributes) {
    const { value, size } = fit(attributes[name] ?? null);
    left -= size + name.length;
    if (left < 0 || name.length > MAX_NAME || count >= MAX_COUNT) dropped += 1;
    else {
      setAttribute(fitted, name.toWellFormed(), value);
      count += 1;
    }
  }
  if (dropped > 0) fitted[DROPPED] = dropped;
  return fitted;
}
