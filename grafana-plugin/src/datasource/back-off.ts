const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before a try, ms: doubling up to 15 s, of which half is random, so that the viewers of a bridge that
 * restarts don't come back all at once.
 *
 * @param attempt 0 for the first try after a failure
 */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return full / 2 + (full / 2) * random();
}
