/** Frames that come within this time may be written together: a 120th of a second, which nobody sees. */
const WINDOW_MS = 8;
/** So many frames in a window go at once. Only beyond them, where writes are what the bridge does, is anything held back. */
const AT_ONCE = 4;

/** Joins one user's frames under load, so that each viewer costs one write for several of them. */
export interface FrameJoiner {
  add(frame: Buffer): void;
  /** Forgets what is held back. */
  stop(): void;
}

/**
 * @param deliver gets whole frames, one or several after another, in order
 * @param nowMs monotonic
 */
export function createFrameJoiner(
  deliver: (frames: Buffer) => void,
  nowMs: () => number = () => performance.now(),
): FrameJoiner {
  let windowStart = -Infinity;
  let inWindow = 0;
  let held: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    const frames = held;
    held = [];
    deliver(Buffer.concat(frames));
  };

  return {
    add(frame) {
      const now = nowMs();
      if (now - windowStart >= WINDOW_MS) {
        windowStart = now;
        inWindow = 0;
      }
      inWindow += 1;
      // What comes behind something held back must not overtake it.
      if (timer === undefined && inWindow <= AT_ONCE) {
        deliver(frame);
        return;
      }
      held.push(frame);
      timer ??= setTimeout(flush, windowStart + WINDOW_MS - now);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      held = [];
    },
  };
}
