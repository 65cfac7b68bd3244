/** How long tries of something that fails are apart. */
export interface BackOffRange {
  /** After the first failure. */
  firstMs: number;
  /** Doubled after each failure, up to this. */
  maxMs: number;
}

/**
 * How long to wait before the next try: doubling, with jitter, so that those who failed together do not try together.
 *
 * @param failures in a row, 1 after the first
 * @param random from 0 to 1
 */
export function backOffMs(
  failures: number,
  { firstMs, maxMs }: BackOffRange,
  random: () => number = Math.random,
): number {
  return Math.min(firstMs * 2 ** (failures - 1), maxMs) * (0.5 + random() / 2);
}
