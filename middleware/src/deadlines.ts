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
   * @param startTimer `setTimeout` in an async context that holds no request
   */
  constructor(
    private readonly afterMs: number,
    private readonly nowMs: () => number,
    private readonly startTimer: (fn: () => void, ms: number) => NodeJS.Timeout,
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
