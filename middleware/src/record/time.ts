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

// Kept from when this is loaded: a test that fakes the timers later does not mean ours.
const { setTimeout } = globalThis;

/** Doubles with each failure, up to a limit, and lies between a half and the whole of that, so that many processes spread. */
export function retryDelayMs(failures: number, maxMs: number, random: () => number = Math.random): number {
  return Math.min(maxMs, 100 * 2 ** Math.min(failures - 1, 10)) * (0.5 + random() / 2);
}

/** `setTimeout` in an async context that holds no request. */
export type StartTimer = (fn: () => void, ms: number) => NodeJS.Timeout;

/**
 * Returns a `setTimeout` whose timers run in the async context of this call. A timer runs in the context that starts it;
 * one that starts the next, and so on, would hold the request that happened to start the first for ever.
 */
export function createRootTimers(): StartTimer {
  const root = new AsyncResource('FlowTracking', { requireManualDestroy: true });
  // Unreferenced: the connection keeps the process alive until `close`, and a timer must not do so after it.
  return (fn, ms) => root.runInAsyncScope(() => setTimeout(fn, ms).unref());
}

/** Something that is called when its time is up, and the place in {@link Deadlines} that it has itself. */
export interface Deadline {
  dueMs: number;
  previous: Deadline | undefined;
  next: Deadline | undefined;
  /** Must not throw. */
  onDue(): void;
}

/**
 * Calls what was not cancelled within a time, the same for all. One timer serves all of them; and since most are
 * cancelled soon, that costs a few pointers, and nothing that is cancelled is held any longer.
 */
export class Deadlines {
  private first: Deadline | undefined;
  private last: Deadline | undefined;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param afterMs how long each is waited for; it is called within twice that
   * @param nowMs a clock that never steps
   */
  constructor(
    private readonly afterMs: number,
    private readonly nowMs: () => number,
    private readonly startTimer: StartTimer,
  ) {}

  /** @param deadline must not be among them */
  add(deadline: Deadline): void {
    deadline.dueMs = this.nowMs() + this.afterMs;
    deadline.previous = this.last;
    if (this.last === undefined) this.first = deadline;
    else this.last.next = deadline;
    this.last = deadline;
    this.timer ??= this.startTimer(this.tick, this.afterMs);
  }

  cancel(deadline: Deadline): void {
    const { previous, next } = deadline;
    if (previous !== undefined) previous.next = next;
    else if (this.first === deadline) this.first = next;
    else return; // cancelled or called before
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    deadline.previous = undefined;
    deadline.next = undefined;
  }

  close(): void {
    clearTimeout(this.timer);
    this.first = undefined;
    this.last = undefined;
  }

  private readonly tick = (): void => {
    const nowMs = this.nowMs();
    while (this.first !== undefined && this.first.dueMs <= nowMs) {
      const deadline = this.first;
      this.cancel(deadline);
      deadline.onDue();
    }
    // Timers may come a ms early.
    this.timer =
      this.first === undefined
        ? undefined
        : this.startTimer(this.tick, Math.max(1, Math.ceil(this.first.dueMs - nowMs)));
  };
}

/** Keeps the process alive for a while. */
export interface StayAlive {
  /** Something waits to be written. */
  begin(): void;
  /** Some of it was written, or the connection has just come up. */
  renew(): void;
  /** Nothing waits any more. */
  end(): void;
  /** What waits can't be written now: the process may go, until {@link renew} or {@link end}. */
  giveUp(): void;
}

/**
 * The connections do not hold the process, so that a host which has closed its server exits. What it recorded last would
 * go with it; so while something waits the process stays, for at most `maxMs` without progress.
 */
export function createStayAlive(maxMs: number, startTimer: StartTimer): StayAlive {
  let timer: NodeJS.Timeout | undefined;
  let hasGivenUp = false;
  const giveUp = (): void => {
    clearTimeout(timer);
    timer = undefined;
    hasGivenUp = true;
  };
  const begin = (): void => {
    if (timer === undefined && !hasGivenUp) timer = startTimer(giveUp, maxMs).ref();
  };
  return {
    begin,
    renew() {
      hasGivenUp = false;
      if (timer === undefined) begin();
      else timer.refresh();
    },
    end() {
      clearTimeout(timer);
      timer = undefined;
      hasGivenUp = false;
    },
    giveUp,
  };
}
