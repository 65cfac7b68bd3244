import { performance } from 'node:perf_hooks';

/** How far the wall clock may run ahead of ours before we follow it. */
const MAX_LAG_MS = 20;
const CHECK_INTERVAL_MS = 1000;

/** Two views of one clock: `now` for durations, `epoch` for the wire. */
export interface Clock {
  /** Ms since the process started, with a µs fraction. Never steps. */
  now: () => number;
  /** The epoch ms of a `now()`, rounded to µs. Its origin never steps back, so later is never less. */
  epoch: (nowMs: number) => number;
}

/** Rounds ms to µs: three decimals are all that a double holds beside an epoch. */
export function roundToMicros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/**
 * Counts the epoch from `performance.now()`, because `Date.now()` has no fraction and steps back when NTP corrects it.
 * A suspended machine or a corrected clock leaves it behind: it then jumps forward to the wall clock, and only forward.
 *
 * @param wallMs epoch ms, may step
 * @param monotonicMs ms since any moment, never steps back
 */
export function createClock(
  wallMs: () => number = Date.now,
  monotonicMs: () => number = () => performance.now(),
): Clock {
  let origin = wallMs() - monotonicMs();
  let nextCheck = monotonicMs() + CHECK_INTERVAL_MS;
  return {
    now: monotonicMs,
    epoch(nowMs) {
      if (nowMs >= nextCheck) {
        nextCheck = nowMs + CHECK_INTERVAL_MS;
        // Against this moment, not against nowMs: a late start is told long after its time.
        const measured = wallMs() - monotonicMs();
        if (measured - origin > MAX_LAG_MS) origin = measured;
      }
      return roundToMicros(origin + nowMs);
    },
  };
}
