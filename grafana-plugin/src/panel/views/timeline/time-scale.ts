import type { TimeWindow } from './time-window';

/** From times to pixels of the track, and back. The same object as long as nothing of it changes. */
export interface TimeScale {
  readonly window: TimeWindow;
  /** The width of the window. */
  readonly trackPx: number;
  /** The width of a row's cell: beyond the window there may be room for labels. */
  readonly cellPx: number;
  /** @param ms since the flow's start */
  readonly toPx: (ms: number) => number;
  readonly toMs: (px: number) => number;
}

export function createTimeScale(window: TimeWindow, trackPx: number, cellPx = trackPx): TimeScale {
  const pxPerMs = trackPx / (window.toMs - window.fromMs);
  return {
    window,
    trackPx,
    cellPx,
    toPx: (ms) => (ms - window.fromMs) * pxPerMs,
    toMs: (px) => (pxPerMs === 0 ? window.fromMs : window.fromMs + px / pxPerMs),
  };
}
