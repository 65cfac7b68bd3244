/** How long monitoring may be switched on for. */
export interface GrantLength {
  readonly hours: number;
  readonly label: string;
}

/** One click each, where there is room for no more. */
export const SHORT_LENGTHS: readonly GrantLength[] = [
  { hours: 0.25, label: '15 min' },
  { hours: 1, label: '1 h' },
  { hours: 8, label: '8 h' },
  { hours: 24, label: '24 h' },
];

/** The bridge gives no grant that lasts longer. */
const MOST_HOURS = 168;
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
