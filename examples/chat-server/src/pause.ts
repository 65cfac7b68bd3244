import { setTimeout as delay } from 'node:timers/promises';

/** Waits `ms`, give or take a quarter, as real services do. Rejects with an `AbortError` once `signal` is aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms * (0.75 + Math.random() / 2), undefined, { signal });
}
