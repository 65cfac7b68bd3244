/** What a client may send at once, and in each second after that: a frame, 1 KB of it, and a user newly watched are 1 each. */
const BURST = 512;
const PER_SECOND = 32;
const COST_BYTES = 1024;

/** Counts what one client asks of the bridge. */
export interface FrameLimit {
  /** A frame came; false: the client is over its limit. */
  onFrame(bytes: number): boolean;
  /** So many users are to be watched anew, each of which costs a snapshot; false as above. */
  onWatch(users: number): boolean;
}

/** @param nowMs monotonic */
export function createFrameLimit(nowMs: () => number = () => performance.now()): FrameLimit {
  let left = BURST;
  let lastMs = nowMs();

  const spend = (cost: number): boolean => {
    const now = nowMs();
    left = Math.min(BURST, left + ((now - lastMs) / 1_000) * PER_SECOND) - cost;
    lastMs = now;
    return left >= 0;
  };

  return {
    onFrame: (bytes) => spend(1 + bytes / COST_BYTES),
    onWatch: (users) => spend(users),
  };
}
