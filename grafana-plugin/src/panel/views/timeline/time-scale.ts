import type { TimeWindow } from './time-window';

/** From times to pixels of the track, and back. The same object as long as nothing of it changes. */
export interface TimeScale {
  readonly window: TimeWindow;
  readonly trackPx: number;
  /** @param ms since the flow's start */
  readonly toPx: (ms: number) => number;
  readonly toMs: (px: number) => number;
}

export function createTimeScale(window: TimeWindow, trackPx: number): TimeScale {
  const pxPerMs = trackPx / (window.toMs - window.fromMs);
  return {
    window,
    trackPx,
    toPx: (ms) => (ms - window.fromMs) * pxPerMs,
    toMs: (px) => (pxPerMs === 0 ? window.fromMs : window.fromMs + px / pxPerMs),
  };
}
