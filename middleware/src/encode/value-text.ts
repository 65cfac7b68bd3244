import { errorInfo } from '../errors';
import { cutToBytes, jsonString } from './text';
import { REDACTED, type IsRedacted } from './redact';

/** Deeper values are replaced by a mark: JSON parsers and viewers downstream recurse. */
const MAX_DEPTH = 8;
/** Keys longer than this are cut. */
const MAX_KEY_BYTES = 255;
/** Of an object, beside key and value: two quotes, colon and comma. */
const ENTRY_BYTES = 4;
/** Larger numbers than this take V8 long to write: the square of their length. */
const MAX_BIGINT_BITS = 4096;

/** What encoding one attribute's value needs to know. */
export interface ValueContext {
  /** UTF-8 bytes that the value may take; a longer one is cut, and says so. */
  readonly maxBytes: number;
  /** Undefined: nothing is redacted, and no paths are built. */
  readonly isRedacted: IsRedacted | undefined;
}

interface Walk extends ValueContext {
  /** Bytes left, about; the walk stops adding when it runs out, however large the value is. */
  left: number;
  readonly ancestors: object[];
}

const isoDate = (date: Date): string => {
  const time = date.getTime();
  return Number.isNaN(time) ? '"Invalid Date"' : jsonString(date.toISOString());
};

function stringText(text: string, walk: Walk): string {
  const room = Math.max(Math.min(walk.left, walk.maxBytes), 0);
  const fits = text.length * 3 <= room || (text.length <= room && Buffer.byteLength(text) <= room);
  const encoded = jsonString(fits ? text : `${cutToBytes(text, room)}… [cut: ${text.length} characters]`);
  walk.left -= Buffer.byteLength(encoded);
  return encoded;
}

function counted(ascii: string, walk: Walk): string {
  walk.left -= ascii.length;
  return ascii;
}

/** Undefined for what JSON has no place for. */
function primitiveText(value: unknown, walk: Walk): string | undefined {
  switch (typeof value) {
    case 'string':
      return stringText(value, walk);
    case 'number':
      // NaN and the infinities say more as text than as JSON's null.
      return counted(Number.isFinite(value) ? String(value) : `"${value}"`, walk);
    case 'boolean':
      return counted(String(value), walk);
    case 'bigint':
      return BigInt.asIntN(MAX_BIGINT_BITS, value) === value ? stringText(value.toString(), walk) : '"[too large]"';
    default:
      return undefined;
  }
}

function arrayText(values: Iterable<unknown>, path: string, depth: number, walk: Walk): string {
  let text = '';
  let index = 0;
  for (const value of values) {
    if (walk.left <= 0) {
      text += `${text === '' ? '' : ','}"… [cut]"`;
      break;
    }
    const encoded = valueText(value, path === '' ? '' : `${path}.${index}`, depth + 1, walk) ?? counted('null', walk);
    text += index === 0 ? encoded : `,${encoded}`;
    walk.left -= 2;
    index += 1;
  }
  return `[${text}]`;
}

function recordText(record: Record<string, unknown>, path: string, depth: number, walk: Walk): string {
  let text = '';
  for (const key of Object.keys(record)) {
    const separator = text === '' ? '' : ',';
    if (walk.left <= 0) {
      text += `${separator}"…":"[cut]"`;
      break;
    }
    let encoded: string | undefined;
    try {
      encoded = valueText(record[key], path === '' ? '' : `${path}.${key}`, depth + 1, walk);
    } catch {
      encoded = '"[threw]"';
    }
    walk.left -= key.length + ENTRY_BYTES;
    if (encoded !== undefined) text += `${separator}${keyText(key)}:${encoded}`;
  }
  return `{${text}}`;
}

/** No more of a map's entries than there is room for, and one, which shows that more are left out. */
function entriesOf(map: Map<unknown, unknown>, room: number): Record<string, unknown> {
  const entries = Object.create(null) as Record<string, unknown>;
  let left = room;
  for (const [key, item] of map) {
    const name = String(key);
    entries[name] = item;
    if (left < 0) break;
    left -= name.length + ENTRY_BYTES;
  }
  return entries;
}

function objectText(value: object, path: string, depth: number, walk: Walk): string | undefined {
  if (value instanceof Date) return isoDate(value);
  if (value instanceof Error) {
    const { type, message } = errorInfo(value);
    const isHidden = walk.isRedacted?.(`${path}.message`) === true;
    return `{"type":${jsonString(type)},"message":${isHidden ? `"${REDACTED}"` : stringText(message, walk)}}`;
  }
  if (ArrayBuffer.isView(value)) return jsonString(`[${value.byteLength} bytes]`);
  if (walk.ancestors.includes(value)) return '"[circular]"';
  if (depth > MAX_DEPTH) return '"[too deep]"';
  walk.ancestors.push(value);
  try {
    if (Array.isArray(value)) return arrayText(value, path, depth, walk);
    if (value instanceof Set) return arrayText(value, path, depth, walk);
    if (value instanceof Map) {
      return recordText(entriesOf(value, walk.left), path, depth, walk);
    }
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return valueText(toJSON.call(value), path, depth + 1, walk);
    return recordText(value as Record<string, unknown>, path, depth, walk);
  } finally {
    walk.ancestors.pop();
  }
}

function valueText(value: unknown, path: string, depth: number, walk: Walk): string | undefined {
  if (walk.isRedacted !== undefined && path !== '' && walk.isRedacted(path)) return `"${REDACTED}"`;
  if (value === null) return 'null';
  if (typeof value !== 'object') return primitiveText(value, walk);
  return objectText(value, path, depth, walk);
}

/** A key as JSON text, cleaned and cut. */
export function keyText(key: string): string {
  return jsonString(key.length * 3 <= MAX_KEY_BYTES ? key : cutToBytes(key, MAX_KEY_BYTES));
}

/**
 * Encodes any value as JSON text in bounded time and space. Cycles, depth, size and getters that throw leave a mark in
 * the text; undefined comes back for what JSON has no place for (undefined, functions, symbols).
 *
 * @param path the value's key path, for redaction
 */
export function encodeValue(value: unknown, path: string, context: ValueContext): string | undefined {
  const walk: Walk = { ...context, left: context.maxBytes, ancestors: [] };
  try {
    return valueText(value, path, 0, walk);
  } catch {
    return '"[threw]"';
  }
}
