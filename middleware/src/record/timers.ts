import { AsyncResource } from 'node:async_hooks';

// Kept from when this is loaded: a test that fakes the timers later does not mean ours.
const { setTimeout } = globalThis;

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

/** Something that is waited for. */
export interface Deadline {
  readonly target: Due;
  readonly dueMs: number;
  previous: Deadline | undefined;
  next: Deadline | undefined;
}

/** What is called when its time is up. Must not throw. */
export interface Due {
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

  add(target: Due): Deadline {
    const deadline: Deadline = {
      target,
      dueMs: this.nowMs() + this.afterMs,
      previous: this.last,
      next: undefined,
    };
    if (this.last === undefined) this.first = deadline;
    else this.last.next = deadline;
    this.last = deadline;
    this.timer ??= this.startTimer(this.tick, this.afterMs);
    return deadline;
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
      const { target } = this.first;
      this.cancel(this.first);
      target.onDue();
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
