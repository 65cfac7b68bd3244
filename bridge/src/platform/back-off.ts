import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 100;
const MAX_MS = 2_000;

/** Waits between tries of something that fails: doubling, with jitter, 2 s at most so that recovery stays prompt. */
export interface BackOff {
  /** Waits, or returns at once when the signal aborts. */
  wait(): Promise<void>;
  /** Starts over, after a success. */
  reset(): void;
}

export function createBackOff(signal: AbortSignal): BackOff {
  let nextMs = FIRST_MS;
  return {
    async wait() {
      const ms = nextMs * (0.5 + Math.random() / 2);
      nextMs = Math.min(nextMs * 2, MAX_MS);
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
    reset() {
      nextMs = FIRST_MS;
    },
  };
}
