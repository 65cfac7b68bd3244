/** Opens one thing after another, so that everything is closed again whatever happens. */
export interface Steps {
  /**
   * Opens something and remembers how to close it. What `open` has opened when it fails, it must close itself; closing
   * twice must do no harm.
   */
  open<T>(name: string, open: () => T | Promise<T>, close: (opened: T) => unknown): Promise<T>;
  /** Closes everything, the latest first, also when a step fails. Idempotent. @throws the first failure, at the end */
  closeAll(): Promise<void>;
}

export function createSteps(): Steps {
  const closes: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let close = closes.pop(); close !== undefined; close = closes.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    async open(_name, open, close) {
      const opened = await open();
      closes.push(() => close(opened));
      return opened;
    },
    closeAll: () => (closing ??= closeAll()),
  };
}
