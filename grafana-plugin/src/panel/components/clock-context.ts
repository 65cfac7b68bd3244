import { createContext, useContext } from 'react';

/** How the times of what runs are counted. */
export interface Clock {
  /** How far the browser's clock is ahead of the servers', ms. */
  readonly offsetMs: number;
  /** The browser's time at which the bridge was heard last, epoch ms: nothing is known after it. Null while it is live. */
  readonly frozenTs: number | null;
}

const ClockContext = createContext<Clock>({ offsetMs: 0, frozenTs: null });

export const ClockProvider = ClockContext.Provider;

/** How far the browser's clock is ahead of the servers', ms. */
export function useClockOffset(): number {
  return useContext(ClockContext).offsetMs;
}

/** When the times of what runs stopped to be known, epoch ms of the browser; null while they are. */
export function useFrozenTs(): number | null {
  return useContext(ClockContext).frozenTs;
}
