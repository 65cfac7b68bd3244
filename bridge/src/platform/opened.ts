/** What a bridge has opened, so that it is closed again whatever happens. */
export interface Opened {
  /** Remembers how to close what has just been opened. Closing it twice must do no harm. */
  add(close: () => unknown): void;
  /** Closes everything, the latest first, also when a step fails. Idempotent. @throws the first failure, at the end */
  closeAll(): Promise<void>;
}

export function createOpened(): Opened {
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
    add: (close) => void closes.push(close),
    closeAll: () => (closing ??= closeAll()),
  };
}
