import { t } from '../texts/t';

/** How long monitoring may be switched on for, in hours: one click each, where there is room for no more. */
export const SHORT_LENGTHS: readonly number[] = [0.25, 1, 8, 24];

/** `15 min`, `8 h`. */
export function lengthText(hours: number): string {
  return hours < 1 ? t('monitoring.length.minutes', { minutes: hours * 60 }) : t('monitoring.length.hours', { hours });
}

/** The bridge gives no grant that lasts longer. */
export const MOST_HOURS = 168;
const HOUR_MS = 3_600_000;
/** The bridge takes decimals, not `1e-7`. */
const DECIMALS = 6;

/**
 * The bridge counts from now: what is left goes on top.
 *
 * @returns hours from now, or null when that is longer than the bridge allows
 */
export function extendedHours(leftMs: number, byHours: number): number | null {
  const hours = Number((Math.max(0, leftMs) / HOUR_MS + byHours).toFixed(DECIMALS));
  return hours <= MOST_HOURS ? hours : null;
}
