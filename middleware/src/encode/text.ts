import { LIMITS } from '@flow-tracking/protocol';

/**
 * V8 keeps a concatenation as a tree until somebody reads it. This reads a text that goes into many events once, so that it is
 * one leaf in each of their trees. Encoding an event then takes two thirds of the time.
 */
export function flat(text: string): string {
  Number(text);
  return text;
}

/** Names and keys are few. If an application makes them from data, they must not fill the memory. */
const MAX_CACHED = 2000;

/** Returns `make` with a memory for short texts. */
export function cached(make: (text: string) => string): (text: string) => string {
  const cache = new Map<string, string>();
  return (text) => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (cache.size < MAX_CACHED && text.length <= LIMITS.nameBytes) cache.set(text, flat(made));
    return made;
  };
}

/**
 * Up to here a loop looks through a text, and no limit applies to an id. With the counting of a path's segments (route-texts.ts), that saves
 * 0.5 µs of a request on Node 24 (docs/benchmarks.md).
 */
const LOOP_LENGTH = 64;
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** Whether it is printable ASCII without quote and backslash, which JSON writes as it is. */
function isPlain(text: string): boolean {
  const { length } = text;
  if (length > LOOP_LENGTH) return PLAIN.test(text);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

/** What Postgres refuses in text and jsonb: NUL and lone surrogates. `toWellFormed` finds out which surrogates are alone. */
// eslint-disable-next-line no-control-regex -- NUL is what it looks for
const SUSPECT = /[\u0000\ud800-\udfff]/;

/** Removes NUL, and replaces lone surrogates by U+FFFD. */
export function cleanText(text: string): string {
  return SUSPECT.test(text) ? text.replaceAll('\0', '').toWellFormed() : text;
}

/** A string as JSON text, cleaned. Most strings are plain and need no `JSON.stringify`. */
export function jsonString(text: string): string {
  return isPlain(text) ? `"${text}"` : JSON.stringify(cleanText(text));
}

const utf8 = new TextEncoder();

/** Cuts a string to a number of UTF-8 bytes, at a whole character. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  return text.slice(0, utf8.encodeInto(text, Buffer.allocUnsafe(maxBytes)).read);
}

/** A name that may wait for its encoding. A longer one is cut now, as it would be then. Empty for what is no text. */
export function heldName(name: unknown): string {
  if (typeof name !== 'string') return '';
  return name.length > LIMITS.nameBytes ? cutToBytes(cleanText(name), LIMITS.nameBytes) : name;
}

/** The name of a checkpoint or a flow as JSON text, cleaned and cut. @param fallback stands in for an empty name */
export function nameText(name: unknown, fallback: string): string {
  return jsonString(cutToBytes(cleanText(heldName(name)), LIMITS.nameBytes) || fallback);
}

/** An id as it goes on the wire. Undefined for an empty or too long text, and for what is neither text nor number. */
export function cleanId(value: unknown): string | undefined {
  // NaN comes from a failed conversion. It would make one user of everyone whose conversion failed.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === 'bigint') value = value.toString();
  if (typeof value !== 'string') return undefined;
  if (value !== '' && value.length <= LOOP_LENGTH && isPlain(value)) return value;
  const id = cleanText(value);
  // A cut id could be another user's, so one that is too long is refused.
  return id === '' || Buffer.byteLength(id) > LIMITS.idBytes ? undefined : id;
}
