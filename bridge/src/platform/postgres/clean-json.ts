/** What Postgres refuses inside text and jsonb: NUL, and halves of surrogate pairs. */
const REFUSED_ESCAPE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;
const REPLACEMENT = '\ufffd';

/** Replaces what Postgres refuses in text by U+FFFD. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', REPLACEMENT);
}

function cleanValue(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [cleanText(key), child as unknown]));
}

/** JSON text that Postgres takes as jsonb. Costs one scan unless there is something to replace. */
export function toJsonb(value: unknown): string {
  const text = JSON.stringify(value);
  return REFUSED_ESCAPE.test(text) ? JSON.stringify(value, cleanValue) : text;
}
