/** Up to when history has all that was recorded. */
export interface WrittenUntil {
  /** Epoch ms by the bridge's clock; 0 before the first measurement. It never goes back. */
  readonly ts: number;
  /** Takes a measurement. */
  advance(ts: number): void;
}

export function createWrittenUntil(): WrittenUntil {
  let until = 0;
  return {
    get ts() {
      return until;
    },
    advance(ts) {
      until = Math.max(until, ts);
    },
  };
}
