import { backOffMs as sharedBackOffMs, type BackOffRange } from '@flow-tracking/protocol';

const RETRY: BackOffRange = { firstMs: 500, maxMs: 15_000 };

/**
 * How long to wait before a try, ms: doubling up to 15 s, of which half is random, so that the viewers of a bridge that
 * restarts don't come back all at once.
 *
 * @param attempt 0 for the first try after a failure
 */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  return sharedBackOffMs(attempt + 1, RETRY, random);
}

const FIRST_UPGRADE_MS = 60_000;
const LONGEST_UPGRADE_MS = 300_000;

/**
 * How long polls go on before the WebSocket is tried again, ms: a minute, doubling up to five, and up to a tenth more at random.
 *
 * @param attempt 0 for the first try
 */
export function upgradeBackOffMs(attempt: number, random: () => number = Math.random): number {
  const least = Math.min(LONGEST_UPGRADE_MS, FIRST_UPGRADE_MS * 2 ** Math.min(attempt, 16));
  return least * (1 + random() / 10);
}
