import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 15;
/** Just below Jest's own limit, which would not tell what was waited for. */
const PATIENCE_MS = 25_000;

/**
 * Asks again and again until the answer is there, for things that give no event. An answer of undefined, null or false
 * is none; what `ask` throws counts as none, too, and is told when the time is up.
 */
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  timeoutMs = PATIENCE_MS,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) {
        return answer as Exclude<T, undefined | null | false>;
      }
    } catch (error) {
      lastError = error;
    }
    await delay(POLL_MS);
  }
  throw new Error(`Waited ${timeoutMs} ms for: ${what}`, { cause: lastError });
}
