import { AsyncResource } from 'node:async_hooks';
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
 * After a suspend or a correction of the wall clock it is behind. It then jumps to the wall clock, only ever forward.
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
        // Measured now, not at nowMs: a late start is recorded long after its time.
        const measured = wallMs() - monotonicMs();
        if (measured - origin > MAX_LAG_MS) origin = measured;
      }
      return roundToMicros(origin + nowMs);
    },
  };
}

// Taken when this file is loaded: a test that fakes timers later does not mean ours.
const { setTimeout } = globalThis;

/** `setTimeout` in an async context that holds no request. */
export type StartTimer = (fn: () => void, ms: number) => NodeJS.Timeout;

/**
 * Returns a `setTimeout` whose timers run in the async context of this call. Usually a timer runs in the context that starts it.
 * A chain of timers would then hold the request that started the first one for ever.
 */
export function createRootTimers(): StartTimer {
  const root = new AsyncResource('FlowTracking');
  // Timers must not keep the process alive; `StayAlive` does that where it is needed.
  return (fn, ms) => root.runInAsyncScope(() => setTimeout(fn, ms).unref());
}

/** Calls `onDue` with each item that is not cancelled in time. The time is the same for all, so one timer serves them. */
export class Deadlines<T> {
  /** By what is due, when. A map keeps the order. */
  private readonly waiting = new Map<T, number>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param afterMs how long it waits for each; `onDue` is called within twice that
   * @param nowMs a clock that never steps
   * @param onDue must not throw
   */
  constructor(
    private readonly afterMs: number,
    private readonly nowMs: () => number,
    private readonly startTimer: StartTimer,
    private readonly onDue: (item: T) => void,
  ) {}

  add(item: T): void {
    this.waiting.set(item, this.nowMs() + this.afterMs);
    this.timer ??= this.startTimer(this.tick, this.afterMs);
  }

  cancel(item: T): void {
    this.waiting.delete(item);
  }

  close(): void {
    clearTimeout(this.timer);
    this.waiting.clear();
  }

  private readonly tick = (): void => {
    const nowMs = this.nowMs();
    let nextMs: number | undefined;
    for (const [item, dueMs] of this.waiting) {
      if (dueMs > nowMs) {
        nextMs = dueMs - nowMs;
        break;
      }
      this.waiting.delete(item);
      this.onDue(item);
    }
    // Timers may come a ms early.
    this.timer = nextMs === undefined ? undefined : this.startTimer(this.tick, Math.max(1, Math.ceil(nextMs)));
  };
}

/**
 * Keeps the process alive for a while. The connections do not, so that a host exits once it has closed its server. Its last
 * events would be lost. So the process stays while something waits, for at most `maxMs` without progress.
 */
export class StayAlive {
  private timer: NodeJS.Timeout | undefined;
  private hasGivenUp = false;

  constructor(
    private readonly maxMs: number,
    private readonly startTimer: StartTimer,
  ) {}

  /** Something waits to be written. */
  begin(): void {
    if (!this.hasGivenUp) this.timer ??= this.startTimer(this.giveUp, this.maxMs).ref();
  }

  /** Something was written, or the connection has just come up. */
  renew(): void {
    this.end();
    this.begin();
  }

  /** Nothing waits any more. */
  end(): void {
    this.giveUp();
    this.hasGivenUp = false;
  }

  /** Nothing can be written now. The process may exit, until {@link renew} or {@link end}. */
  readonly giveUp = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.hasGivenUp = true;
  };
}

interface Waiter {
  readonly isDone: () => boolean;
  /** It also gives up when {@link Waiters.settle} says that Redis can't be reached. */
  readonly givesUp: boolean;
  readonly end: () => void;
}

/** Those who wait for something, each for a time. */
export class Waiters {
  private readonly all = new Set<Waiter>();

  constructor(private readonly startTimer: StartTimer) {}

  get size(): number {
    return this.all.size;
  }

  /** Resolves when `isDone`, after `timeoutMs`, or when it is given up. */
  async until(isDone: () => boolean, timeoutMs: number, givesUp: boolean): Promise<void> {
    if (isDone()) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.all.delete(waiter);
        resolve();
      };
      const timer = this.startTimer(end, timeoutMs).ref();
      const waiter = { isDone, givesUp, end };
      this.all.add(waiter);
    });
  }

  /** Ends those whose wait is over. */
  settle(isUnreachable = false): void {
    for (const { isDone, givesUp, end } of this.all) if (isDone() || (isUnreachable && givesUp)) end();
  }
}
