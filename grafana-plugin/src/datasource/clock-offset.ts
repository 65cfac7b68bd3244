/** Up to this, the difference is taken for the time that an event is under way. */
const NORMAL_DELAY_MS = 5_000;

/**
 * Estimates how far the browser's clock is ahead of the servers', by the event that took the least time to arrive. Without
 * it the time of a running node would count from the wrong moment.
 */
export function createClockOffset() {
  let least = Number.POSITIVE_INFINITY;
  return {
    /**
     * @param events that came live
     * @returns how much longer the oldest of them was under way than the quickest event so far, ms
     */
    observe(events: readonly { readonly ts: number }[], receivedTs: number): number {
      let longest = 0;
      for (const { ts } of events) {
        least = Math.min(least, receivedTs - ts);
        longest = Math.max(longest, receivedTs - ts - least);
      }
      return longest;
    },
    /** 0 when the clocks agree, as far as one can tell. */
    offsetMs(): number {
      return least >= 0 && least <= NORMAL_DELAY_MS ? 0 : Number.isFinite(least) ? least : 0;
    },
  };
}
