/** Flows that have ended and wait to be sent, in the order of their ends: a bounded number of them. */
export class EndedFlows {
  private readonly waiting = new Map<string, number>();
  private onAdded: (() => void) | undefined;

  /** @param most beyond it `add` refuses */
  constructor(private readonly most: number) {}

  get size(): number {
    return this.waiting.size;
  }

  /** @param dueMs of `performance.now()` @returns false when there is no room; a flow that waits already keeps its place */
  add(flowId: string, dueMs: number): boolean {
    if (this.waiting.has(flowId)) return true;
    if (this.waiting.size >= this.most) return false;
    this.waiting.set(flowId, dueMs);
    this.onAdded?.();
    return true;
  }

  /** Takes up to `count` of those that are due. */
  take(nowMs: number, count: number): string[] {
    const due: string[] = [];
    for (const [flowId, dueMs] of this.waiting) {
      if (dueMs > nowMs || due.length === count) break;
      due.push(flowId);
    }
    for (const flowId of due) this.waiting.delete(flowId);
    return due;
  }

  /** Resolves when the first is due: at once, later, or when one has been added and is due; or when the signal aborts. */
  async whenDue(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const [dueMs] = this.waiting.values();
      const waitMs = dueMs === undefined ? undefined : dueMs - performance.now();
      if (waitMs !== undefined && waitMs <= 0) return;
      await this.somethingHappens(waitMs, signal);
    }
  }

  private somethingHappens(waitMs: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = waitMs === undefined ? undefined : setTimeout(end, Math.ceil(waitMs));
      const onAdded = (): void => {
        // A later one changes nothing while the first is waited for.
        if (waitMs === undefined) end();
      };
      this.onAdded = onAdded;
      signal.addEventListener('abort', end, { once: true });
      function end(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      }
    });
  }
}
