const MAX_EVENTS = 2_000;
/** Of the events' JSON text. */
const MAX_BYTES = 4 * 1024 * 1024;
/** A batch that takes longer is on its way to the statement timeout. */
const SLOW_MS = 2_000;
const QUICK_MS = 500;

/** How much one transaction writes: as much as Postgres takes in good time. */
export interface BatchLimit {
  readonly events: number;
  readonly bytes: number;
  /** A batch was written. */
  took(events: number, durationMs: number): void;
  /** A batch was not written in time. */
  timedOut(events: number): void;
}

export function createBatchLimit(): BatchLimit {
  let events = MAX_EVENTS;
  const halve = (from: number): void => {
    events = Math.max(1, Math.min(events, from >> 1));
  };
  return {
    get events() {
      return events;
    },
    bytes: MAX_BYTES,
    took(written, durationMs) {
      if (durationMs > SLOW_MS) halve(written);
      // A smaller batch says nothing of larger ones.
      else if (durationMs < QUICK_MS && written >= events) events = Math.min(MAX_EVENTS, events * 2);
    },
    timedOut: halve,
  };
}
