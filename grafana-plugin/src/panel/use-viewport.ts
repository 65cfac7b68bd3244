import { useLayoutEffect, useState, type RefObject } from 'react';

/** What of a drawing can be seen, px. */
export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A scroll by less than this draws nothing new. */
const STEP = 32;

/** What of a scrolling element's content can be seen; changes as it scrolls or is resized. */
export function useViewport(element: RefObject<HTMLElement | null>): Viewport {
  const [viewport, setViewport] = useState<Viewport>({ left: 0, top: 0, width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    let frame = 0;
    const read = (): void => {
      frame = 0;
      const step = (value: number): number => Math.floor(value / STEP) * STEP;
      const next = {
        left: step(target.scrollLeft),
        top: step(target.scrollTop),
        width: step(target.clientWidth) + STEP,
        height: step(target.clientHeight) + STEP,
      };
      setViewport((now) =>
        Object.entries(next).every(([key, value]) => now[key as keyof Viewport] === value) ? now : next,
      );
    };
    const schedule = (): void => {
      if (frame === 0) frame = requestAnimationFrame(read);
    };
    read();
    const observer = new ResizeObserver(schedule);
    observer.observe(target);
    target.addEventListener('scroll', schedule, { passive: true });
    return () => {
      observer.disconnect();
      target.removeEventListener('scroll', schedule);
      cancelAnimationFrame(frame);
    };
  }, [element]);
  return viewport;
}
