import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 50;
const TIMEOUT_MS = 10_000;

/** Asks for `/healthz` again and again; `stop` gives how long each answer took, in ms, and fails when one was none. */
export function watchHealth(url: string): { stop(): Promise<number[]> } {
  const took: number[] = [];
  let isStopped = false;
  const loop = (async () => {
    while (!isStopped) {
      const startedMs = performance.now();
      const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      await response.text();
      took.push(performance.now() - startedMs);
      await delay(EVERY_MS);
    }
  })();
  // Told by `stop`.
  loop.catch(() => undefined);
  return {
    async stop() {
      isStopped = true;
      await loop;
      return took;
    },
  };
}

/** The value below which 90 of 100 are. */
export function p90(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.9)] ?? Infinity;
}
