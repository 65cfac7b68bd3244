import { useSyncExternalStore } from 'react';
import { useFrozenTs, useShownTs } from './components/clock-context';

/** Ten times a second is what a time with one decimal needs. */
const TICK_MS = 100;
const CALM_TICK_MS = 1_000;

/** One clock for all running times on the page: it runs only while one of them is shown. */
function createTicker(tickMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let nowTs = Date.now();
  const tick = (): void => {
    nowTs = Date.now();
    for (const listener of [...listeners]) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    if (timer === undefined) {
      nowTs = Date.now();
      timer = setInterval(tick, tickMs);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  // Read before the first subscription too: then the time of the last tick, at most a moment old, until it starts.
  return {
    subscribe,
    now: () => {
      if (timer === undefined && Date.now() - nowTs > tickMs) nowTs = Date.now();
      return nowTs;
    },
  };
}

const fast = createTicker(TICK_MS);
const calm = createTicker(CALM_TICK_MS);
const idle = { subscribe: () => () => undefined, now: () => 0 };

export type Pace = 'fast' | 'calm' | 'idle';

const TICKERS = { fast, calm, idle };

/**
 * Something that is read at this pace from the browser's time, epoch ms; renders anew only when it is another value.
 *
 * @param read quick, and gives the same for the same time
 */
export function useTicked<T extends string | number>(pace: Pace, read: (nowTs: number) => T): T {
  const { subscribe, now } = TICKERS[pace];
  return useSyncExternalStore(subscribe, () => read(now()));
}

/** The browser's time, epoch ms, which moves at this pace whatever the connection does; 0 when idle. */
export function useWallNow(pace: Pace): number {
  const { subscribe, now } = TICKERS[pace];
  return useSyncExternalStore(subscribe, now);
}

/** The same for times of flows: in a replay its own; it stands still at what is known while the connection is not live. */
export function useNow(pace: Pace): number {
  const frozenTs = useFrozenTs();
  const shownTs = useShownTs();
  const nowTs = useWallNow(frozenTs === null ? pace : 'idle');
  return pace === 'idle' ? nowTs : (frozenTs ?? shownTs(nowTs));
}
