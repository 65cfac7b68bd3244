import { errorInfo } from '../errors';
import { REDACTED, type IsRedacted } from './redact';
import { cutToBytes, jsonString } from './text';

/** A mark replaces deeper values, because parsers and viewers downstream recurse. */
const MAX_DEPTH = 8;
/** Longer keys are cut. */
const MAX_KEY_BYTES = 255;
/** What an entry takes beside key and value: two quotes, colon and comma. */
const ENTRY_BYTES = 4;
/** V8 takes long to write a larger number: time grows with the square of its length. */
const MAX_BIGINT_BITS = 4096;

export const THREW = '"[threw]"';

/** A key as JSON text, cleaned and cut. */
export const keyText = (key: string): string => jsonString(cutToBytes(key, MAX_KEY_BYTES));

/** NaN and the infinities say more as text than as JSON's null. */
export const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : `"${value}"`);

/** The walk through one attribute's value. */
class Walk {
  private readonly ancestors: object[] = [];
  /** Bytes that are left, roughly. The walk ends when none are left, however large the value is. */
  private left: number;

  constructor(
    private readonly maxBytes: number,
    private readonly isRedacted: IsRedacted | undefined,
  ) {
    this.left = maxBytes;
  }

  /** Undefined for what JSON has no place for. */
  value(value: unknown, path: string, depth: number): string | undefined {
    if (path !== '' && this.isRedacted?.(path) === true) return `"${REDACTED}"`;
    if (value === null) return 'null';
    switch (typeof value) {
      case 'object':
        return this.object(value, path, depth);
      case 'string':
        return this.string(value);
      case 'number':
        return this.counted(numberText(value));
      case 'boolean':
        return this.counted(String(value));
      case 'bigint':
        return BigInt.asIntN(MAX_BIGINT_BITS, value) === value ? this.string(value.toString()) : '"[too large]"';
      default:
        return undefined;
    }
  }

  private counted(text: string): string {
    this.left -= Buffer.byteLength(text);
    return text;
  }

  private string(text: string): string {
    const kept = cutToBytes(text, Math.max(Math.min(this.left, this.maxBytes), 0));
    return this.counted(jsonString(kept.length === text.length ? text : `${kept}… [cut: ${text.length} characters]`));
  }

  private object(value: object, path: string, depth: number): string | undefined {
    if (value instanceof Date) return jsonString(Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString());
    if (value instanceof Error) {
      const { type, message } = errorInfo(value);
      const isHidden = this.isRedacted?.(`${path}.message`) === true;
      return `{"type":${jsonString(type)},"message":${isHidden ? `"${REDACTED}"` : this.string(message)}}`;
    }
    if (ArrayBuffer.isView(value)) return jsonString(`[${value.byteLength} bytes]`);
    if (this.ancestors.includes(value)) return '"[circular]"';
    if (depth > MAX_DEPTH) return '"[too deep]"';
    this.ancestors.push(value);
    try {
      if (Array.isArray(value) || value instanceof Set) return this.list(value, path, depth);
      if (value instanceof Map) return this.entries(value.keys(), (key) => value.get(key), path, depth);
      const record = value as Record<string, unknown>;
      const { toJSON } = record;
      if (typeof toJSON === 'function') return this.value(toJSON.call(value), path, depth + 1);
      return this.entries(Object.keys(record), (key) => record[key], path, depth);
    } finally {
      this.ancestors.pop();
    }
  }

  private list(values: Iterable<unknown>, path: string, depth: number): string {
    const texts: string[] = [];
    for (const value of values) {
      if (this.left <= 0) {
        texts.push('"… [cut]"');
        break;
      }
      texts.push(this.value(value, path === '' ? '' : `${path}.${texts.length}`, depth + 1) ?? this.counted('null'));
      this.left -= 2;
    }
    return `[${texts.join()}]`;
  }

  private entries<Key>(keys: Iterable<Key>, valueOf: (key: Key) => unknown, path: string, depth: number): string {
    const texts: string[] = [];
    for (const key of keys) {
      if (this.left <= 0) {
        texts.push('"…":"[cut]"');
        break;
      }
      const name = String(key);
      let text: string | undefined;
      try {
        text = this.value(valueOf(key), path === '' ? '' : `${path}.${name}`, depth + 1);
      } catch {
        text = THREW;
      }
      this.left -= name.length + ENTRY_BYTES;
      if (text !== undefined) texts.push(`${keyText(name)}:${text}`);
    }
    return `{${texts.join()}}`;
  }
}

/**
 * Encodes any value as JSON text in bounded time and space. Cycles, depth, size and getters that throw leave a mark in
 * the text. Undefined comes back for what JSON has no place for (undefined, functions, symbols).
 *
 * @param path the value's key path, for redaction
 * @param maxBytes UTF-8 bytes that the value may take; a longer one is cut, and says so
 * @param isRedacted undefined: nothing is redacted
 */
export function encodeValue(
  value: unknown,
  path: string,
  maxBytes: number,
  isRedacted: IsRedacted | undefined,
): string | undefined {
  try {
    return new Walk(maxBytes, isRedacted).value(value, path, 0);
  } catch {
    return THREW;
  }
}
