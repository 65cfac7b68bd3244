import type { Attributes, JsonValue } from '@flow-tracking/protocol';
import { finite, MAX_DEPTH, msOfNanos, TOO_DEEP, type OtlpSpan, type ResourceSpans } from './spans';
import { WireError } from './wire-reader';

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of messages; an absent one is empty. */
function listOf(value: unknown, field: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new WireError(`${field}: expected an array`);
  return value as readonly unknown[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** 64-bit integers are texts in protobuf's JSON, though not everybody writes them so. */
function numberOf(value: unknown): number {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,20}$/.test(value));
  return isNumber ? Number(value) : NaN;
}

function integerOf(value: unknown): number | string {
  const number = numberOf(value);
  return Number.isSafeInteger(number) ? number : String(value).slice(0, 20);
}

function valueOf(value: unknown, depth: number): JsonValue {
  if (!isFields(value)) return null;
  if (depth > MAX_DEPTH) return TOO_DEEP;
  if (typeof value['stringValue'] === 'string') return value['stringValue'];
  if (typeof value['boolValue'] === 'boolean') return value['boolValue'];
  if (value['intValue'] !== undefined) return integerOf(value['intValue']);
  if (value['doubleValue'] !== undefined) return finite(Number(value['doubleValue']));
  if (typeof value['bytesValue'] === 'string') return value['bytesValue'];
  if (isFields(value['arrayValue'])) {
    return listOf(value['arrayValue']['values'], 'values').map((item) => valueOf(item, depth + 1));
  }
  if (isFields(value['kvlistValue'])) return attributesOf(value['kvlistValue']['values'], depth + 1);
  return null;
}

function attributesOf(value: unknown, depth = 0): Attributes {
  const entries = listOf(value, 'attributes').filter(isFields);
  return Object.fromEntries(entries.map(({ key, value }) => [textOf(key), valueOf(value, depth)]));
}

function spanOf(span: unknown): OtlpSpan | null {
  if (!isFields(span)) return null;
  const status = isFields(span['status']) ? span['status'] : {};
  const exception = listOf(span['events'], 'events')
    .filter(isFields)
    .findLast(({ name }) => name === 'exception');
  return {
    traceId: textOf(span['traceId']).toLowerCase(),
    spanId: textOf(span['spanId']).toLowerCase(),
    parentId: textOf(span['parentSpanId']).toLowerCase(),
    flags: Number(span['flags'] ?? 0) >>> 0,
    name: textOf(span['name']),
    startMs: msOfNanos(numberOf(span['startTimeUnixNano'])),
    endMs: msOfNanos(numberOf(span['endTimeUnixNano'])),
    attributes: attributesOf(span['attributes']),
    statusCode: numberOf(status['code']),
    statusMessage: textOf(status['message']),
    exception: exception === undefined ? null : attributesOf(exception['attributes']),
  };
}

function groupOf(group: unknown): ResourceSpans {
  if (!isFields(group)) throw new WireError('resourceSpans: expected objects');
  const resource = isFields(group['resource']) ? attributesOf(group['resource']['attributes']) : {};
  const spans = listOf(group['scopeSpans'], 'scopeSpans')
    .filter(isFields)
    .flatMap((scope) => listOf(scope['spans'], 'spans').map(spanOf));
  return { resource, spans };
}

/** @throws {WireError} what is no JSON, or not of this message */
export function decodeJson(body: Buffer): ResourceSpans[] {
  let message: unknown;
  try {
    message = JSON.parse(body.toString());
  } catch {
    throw new WireError('expected JSON');
  }
  if (!isFields(message)) throw new WireError('expected an object');
  return listOf(message['resourceSpans'], 'resourceSpans').map(groupOf);
}
