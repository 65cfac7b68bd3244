import { createContext, useContext } from 'react';

/** How the times of what runs are counted. */
export interface Clock {
  /** How far the browser's clock is ahead of the servers', ms. */
  readonly offsetMs: number;
  /** The browser's time at which the bridge was heard last, epoch ms: nothing is known after it. Null while it is live. */
  readonly frozenTs: number | null;
  /** In a replay: the time that is shown at a time of the browser, both epoch ms. */
  readonly shownTs?: (browserTs: number) => number;
  /** When all that is shown has ended, epoch ms of the servers; only where that is known beforehand. */
  readonly endTs?: number;
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

const same = (browserTs: number): number => browserTs;

/** The time that is shown at a time of the browser, both epoch ms: the same but in a replay. */
export function useShownTs(): (browserTs: number) => number {
  return useContext(ClockContext).shownTs ?? same;
}

/** When all that is shown has ended, epoch ms of the servers; null while nobody knows. */
export function useEndTs(): number | null {
  return useContext(ClockContext).endTs ?? null;
}
