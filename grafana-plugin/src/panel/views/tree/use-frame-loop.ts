import { useEffect, useMemo, useRef } from 'react';

/**
 * Draws a frame when something has changed.
 *
 * @param frame draws; returns after how many ms it wants to draw again: 0 at once, Infinity never
 * @returns asks for a frame; calls before it is drawn are one
 */
export function useFrameLoop(frame: (nowMs: number) => number): () => void {
  const latest = useRef(frame);
  latest.current = frame;
  const loop = useMemo(() => {
    let request: number | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let open = false;
    const run = (nowMs: number): void => {
      request = null;
      const waitMs = latest.current(nowMs);
      if (!open || request !== null) return;
      if (waitMs <= 0) ask();
      // A hidden page needs no clock: it is drawn again when it is shown.
      else if (waitMs < Infinity && !document.hidden) timer = setTimeout(ask, waitMs);
    };
    const ask = (): void => {
      clearTimeout(timer);
      if (open) request ??= requestAnimationFrame(run);
    };
    const start = (): (() => void) => {
      open = true;
      ask();
      document.addEventListener('visibilitychange', ask);
      return () => {
        open = false;
        document.removeEventListener('visibilitychange', ask);
        clearTimeout(timer);
        if (request !== null) cancelAnimationFrame(request);
        request = null;
      };
    };
    return { ask, start };
  }, []);
  useEffect(() => loop.start(), [loop]);
  return loop.ask;
}
