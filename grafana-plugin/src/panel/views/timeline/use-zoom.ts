import { useEffect, useState, type RefObject } from 'react';
import type { TimeScale } from './time-scale';
import { within, zoomedAt, type TimeWindow } from './time-window';

/** Of the window's length, for each px that the wheel turns. */
const FACTOR_PER_PX = 1.002;

/**
 * The window of time that the rows show. Ctrl or ⌘ with the wheel zooms at the pointer; a turn sideways moves the window.
 *
 * @returns `window` is `full` itself when nothing is zoomed
 */
export function useZoom(full: TimeWindow, onAct: () => void) {
  const [zoomed, setZoomed] = useState<TimeWindow | null>(null);
  const zoom = (next: TimeWindow | null): void => {
    setZoomed(next);
    if (next !== null) onAct();
  };
  return { window: zoomed === null ? full : within(zoomed, full), zoom };
}

export function useWheelZoom(
  scroller: RefObject<HTMLElement | null>,
  scale: TimeScale,
  labelPx: number,
  full: TimeWindow,
  zoom: (window: TimeWindow | null) => void,
): void {
  useEffect(() => {
    const target = scroller.current;
    if (target === null) return;
    const turn = (event: WheelEvent): void => {
      const { window } = scale;
      if (event.ctrlKey || event.metaKey) {
        // The browser would zoom the page.
        event.preventDefault();
        const px = event.clientX - target.getBoundingClientRect().left - labelPx;
        const atMs = scale.toMs(Math.min(Math.max(px, 0), scale.trackPx));
        zoom(zoomedAt(window, full, atMs, FACTOR_PER_PX ** event.deltaY));
      } else if (window !== full && Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const byMs = scale.toMs(event.deltaX) - window.fromMs;
        zoom(within({ fromMs: window.fromMs + byMs, toMs: window.toMs + byMs }, full));
      }
    };
    target.addEventListener('wheel', turn, { passive: false });
    return () => target.removeEventListener('wheel', turn);
  });
}
