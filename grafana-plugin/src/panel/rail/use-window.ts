import { useLayoutEffect, useState, type RefObject } from 'react';

/** A scroll by less than this draws nothing new, px. */
const STEP = 24;

/** What of a scrolling element can be seen, from its content's top, px; changes as it scrolls or is resized. */
export function useWindow(element: RefObject<HTMLElement | null>): { readonly from: number; readonly to: number } {
  const [window, setWindow] = useState({ from: 0, to: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    let frame = 0;
    const read = (): void => {
      frame = 0;
      const from = Math.floor(target.scrollTop / STEP) * STEP;
      const to = from + (Math.ceil(target.clientHeight / STEP) + 1) * STEP;
      setWindow((now) => (now.from === from && now.to === to ? now : { from, to }));
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
  return window;
}
