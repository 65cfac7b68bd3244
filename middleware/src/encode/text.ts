import { LIMITS } from '@flow-tracking/protocol';

/**
 * V8 keeps a concatenation as a tree until somebody reads it. What goes into many events is read once, here, so that it is one
 * leaf in all of their trees: encoding an event takes two thirds of the time.
 */
export function flat(text: string): string {
  Number(text);
  return text;
}

/** Printable ASCII without quote and backslash: JSON writes it as it is. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
/**
 * Plain, and so short that no limit applies. One test, since V8 has many shapes of strings and takes longer to look up the
 * length of one that may be any of them.
 */
const SHORT_AND_PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/;

export function isShortAndPlain(text: string): boolean {
  return SHORT_AND_PLAIN.test(text);
}

/** What Postgres refuses in text and jsonb: NUL, and surrogates that stand alone (`toWellFormed` tells which do). */
// eslint-disable-next-line no-control-regex -- NUL is what it looks for
const SUSPECT = /[\u0000\ud800-\udfff]/;

/** Takes out NUL, and puts U+FFFD where a surrogate stands alone. */
export function cleanText(text: string): string {
  return SUSPECT.test(text) ? text.replaceAll('\0', '').toWellFormed() : text;
}

/** A string as JSON text, cleaned. Most are plain, and those cost no `JSON.stringify`. */
export function jsonString(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(cleanText(text));
}

/** Cuts a string to a number of UTF-8 bytes, at a whole character. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text.slice(0, maxBytes), 'utf8');
  if (bytes.length <= maxBytes) return text.length <= maxBytes ? text : text.slice(0, maxBytes).toWellFormed();
  let end = maxBytes;
  // 10xxxxxx continues a character: go back to where it begins.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** Names repeat, so their JSON text is kept; names made from data (a bug) must not fill the memory. */
const MAX_CACHED_NAMES = 2000;

/**
 * Returns a function from a checkpoint's or a flow's name to its JSON text, cleaned and cut to the protocol's limit.
 *
 * @param fallback name of what has none
 * @param wrap makes what is returned of the JSON text, once for each name
 */
export function createNameText(
  fallback: string,
  wrap: (json: string) => string = (json) => json,
): (name: unknown) => string {
  const cache = new Map<string, string>();
  return (name) => {
    if (typeof name === 'string') {
      const known = cache.get(name);
      if (known !== undefined) return known;
    }
    const text = typeof name === 'string' ? cutToBytes(cleanText(name), LIMITS.nameBytes) : '';
    const encoded = wrap(jsonString(text === '' ? fallback : text));
    if (typeof name === 'string' && cache.size < MAX_CACHED_NAMES && name.length <= LIMITS.nameBytes) {
      cache.set(name, encoded);
    }
    return encoded;
  };
}

/** An id as it goes on the wire, or undefined when it is none: no string or number, empty, or too long to be kept whole. */
export function cleanId(value: unknown): string | undefined {
  // NaN comes of a conversion that failed, and would make one user of all whom it failed for.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === 'bigint') value = value.toString();
  if (typeof value !== 'string') return undefined;
  if (isShortAndPlain(value)) return value;
  const id = cleanText(value);
  // A cut id could be another user's, so one that is too long is refused.
  return id === '' || Buffer.byteLength(id) > LIMITS.idBytes ? undefined : id;
}
