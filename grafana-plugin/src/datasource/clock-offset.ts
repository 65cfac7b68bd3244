/** Up to this, the difference is taken for the time that an event is under way. */
const NORMAL_DELAY_MS = 5_000;

/**
 * Estimates how far the browser's clock is ahead of the servers', by the event that took the least time to arrive. Without
 * it the time of a running node would count from the wrong moment.
 */
export function createClockOffset() {
  let least = Number.POSITIVE_INFINITY;
  return {
    /** @param eventTs of an event that came live, epoch ms */
    observe(eventTs: number, receivedTs: number): void {
      least = Math.min(least, receivedTs - eventTs);
    },
    /** 0 when the clocks agree, as far as one can tell. */
    offsetMs(): number {
      return least >= 0 && least <= NORMAL_DELAY_MS ? 0 : Number.isFinite(least) ? least : 0;
    },
  };
}
