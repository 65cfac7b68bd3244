import { ParseError } from './errors';
import type { Attributes, ErrorInfo } from './values';

/** An object of unknown shape, as JSON.parse gives it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Describes a value in an error message: its type, and the value where it is short. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${typeof value} of ${text.length} characters`;
}

function fail(field: string, expected: string, got: unknown): never {
  throw new ParseError('invalid_field', `${field}: expected ${expected}, got ${describe(got)}`);
}

export function asObject(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(field, 'an object', value);
  return value as Fields;
}

export function asArray(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) fail(field, 'an array', value);
  return value;
}

/** UTF-8 length without a TextEncoder's allocation; a lone surrogate counts as 3, like its replacement. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit <= 0xdbff && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

/** A string of 1 to `maxBytes` UTF-8 bytes. */
export function asText(value: unknown, field: string, maxBytes: number): string {
  if (typeof value !== 'string' || value === '' || utf8Length(value) > maxBytes) {
    fail(field, `a string of 1 to ${maxBytes} bytes`, value);
  }
  return value;
}

export function asNumber(value: unknown, field: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max))
    fail(field, `a number from ${min} to ${max}`, value);
  return value;
}

export function asInteger(value: unknown, field: string, min: number, max: number): number {
  if (!Number.isInteger(value)) fail(field, 'an integer', value);
  return asNumber(value, field, min, max);
}

export function asBoolean(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') fail(field, 'a boolean', value);
  return value;
}

export function asOneOf<T extends string>(value: unknown, field: string, values: readonly T[]): T {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) fail(field, `one of ${values.join(', ')}`, value);
  return found;
}

export function asAttributes(value: unknown, field: string, max: number): Attributes {
  const attributes = asObject(value, field);
  const count = Object.keys(attributes).length;
  if (count > max) fail(field, `at most ${max} attributes`, count);
  return attributes as Attributes;
}

export function asErrorInfo(value: unknown, field: string): ErrorInfo {
  const error = asObject(value, field);
  if (typeof error['type'] !== 'string') fail(`${field}.type`, 'a string', error['type']);
  if (typeof error['message'] !== 'string') fail(`${field}.message`, 'a string', error['message']);
  return { type: error['type'], message: error['message'] };
}

/** Reads an optional field: absent or null gives undefined. */
export function optional<T>(value: unknown, parse: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : parse(value);
}
