import { backOffMs, type BackOffRange } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';

/** Short enough that recovery stays prompt. */
const PROMPT: BackOffRange = { firstMs: 100, maxMs: 2_000 };

/** Waits between tries of something that fails. */
export interface BackOff {
  /** Waits, or returns at once when the signal aborts. */
  wait(): Promise<void>;
  /** Starts over, after a success. */
  reset(): void;
}

export function createBackOff(signal: AbortSignal): BackOff {
  let failures = 0;
  return {
    async wait() {
      failures += 1;
      await delay(backOffMs(failures, PROMPT), undefined, { signal }).catch(() => undefined);
    },
    reset() {
      failures = 0;
    },
  };
}
