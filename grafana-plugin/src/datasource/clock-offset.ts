/** Up to this, the difference is taken for the time that a frame is under way. */
const NORMAL_DELAY_MS = 5_000;

/**
 * Estimates how far the browser's clock is ahead of the servers'. Without it the time of a running node would count from the
 * wrong moment. Events tell it best, by the one that took the least time to arrive; until one has come, the bridge does.
 */
export function createClockOffset() {
  let least = Number.POSITIVE_INFINITY;
  let ofBridge = 0;
  return {
    /** @param nowTs the bridge's clock, epoch ms */
    greet(nowTs: number, receivedTs: number): void {
      ofBridge = receivedTs - nowTs;
    },
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
      const difference = Number.isFinite(least) ? least : ofBridge;
      return difference >= 0 && difference <= NORMAL_DELAY_MS ? 0 : difference;
    },
  };
}
