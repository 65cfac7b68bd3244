/** Counts the requests that are recorded now, so that `close` can let them end. */
export class OpenRequests {
  count = 0;
  private readonly waiting = new Set<() => void>();

  begin(): void {
    this.count += 1;
  }

  end(): void {
    this.count -= 1;
    if (this.count === 0) this.giveUp();
  }

  /** Resolves when none is open, after `timeoutMs`, or at {@link giveUp}. */
  async ended(timeoutMs: number): Promise<void> {
    if (this.count === 0 || timeoutMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Nobody waits any longer. */
  giveUp(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
