import { createContext, useContext } from 'react';

const ClockContext = createContext(0);

/** How far the browser's clock is ahead of the servers', ms. */
export const ClockOffsetProvider = ClockContext.Provider;

export function useClockOffset(): number {
  return useContext(ClockContext);
}
