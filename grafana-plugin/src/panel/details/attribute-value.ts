import type { JsonValue } from '@flow-tracking/protocol';
import { language, t } from '../../texts/t';
import { formatCount, formatFixed } from '../format';
import type { FormatDuration } from '../looks';
import type { AttributeUnit } from './attribute-names';

/** An object or an array. */
export type JsonParent = JsonValue[] | { [key: string]: JsonValue };

/** How a value is shown. */
export type ShownValue =
  /** A number, yes or no, or nothing: in one line. */
  | { readonly kind: 'plain'; readonly text: string; readonly isMuted: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly value: JsonParent };

/** Longer texts are not read as JSON: it would hold up the page. */
const MOST_JSON_CHARACTERS = 4 * 1024 * 1024;
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function isParent(value: unknown): value is JsonParent {
  return typeof value === 'object' && value !== null;
}

/** The object or the array that a text is in JSON; null for any other text. */
export function parseParent(text: string): JsonParent | null {
  if (text.length > MOST_JSON_CHARACTERS || !/^\s*[[{]/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isParent(value) ? value : null;
  } catch {
    return null;
  }
}

function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? formatCount(value) : formatFixed(value, 1)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** A number with thousands apart and what it counts. */
export function formatNumber(value: number, unit: AttributeUnit | undefined, duration: FormatDuration): string {
  switch (unit) {
    case 'id':
      return String(value);
    case 'ms':
      return value < 0 ? t('format.milliseconds', { ms: `${value}` }) : duration(value);
    case 's':
      return value < 0 ? t('format.seconds', { seconds: `${value}` }) : duration(value * 1000);
    case 'bytes':
      return formatBytes(value);
    case 'usd':
      return `$${value.toLocaleString(language, { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
    case undefined:
      // Rounding must not turn something into nothing.
      return value !== 0 && Math.abs(value) < 1e-6
        ? String(value)
        : value.toLocaleString(language, { maximumFractionDigits: 6 });
  }
}

export function showValue(
  value: JsonValue | undefined,
  unit: AttributeUnit | undefined,
  duration: FormatDuration,
): ShownValue {
  if (value === null || value === undefined) return { kind: 'plain', text: 'null', isMuted: true };
  if (typeof value === 'number') return { kind: 'plain', text: formatNumber(value, unit, duration), isMuted: false };
  if (typeof value === 'boolean')
    return { kind: 'plain', text: value ? t('details.yes') : t('details.no'), isMuted: false };
  if (typeof value === 'string') {
    if (value === '') return { kind: 'plain', text: t('details.empty'), isMuted: true };
    const parsed = parseParent(value);
    return parsed === null ? { kind: 'text', text: value } : { kind: 'json', value: parsed };
  }
  return { kind: 'json', value };
}
