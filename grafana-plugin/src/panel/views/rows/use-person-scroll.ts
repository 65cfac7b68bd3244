import { useEffect, type RefObject } from 'react';

/**
 * Tells when a person scrolls, by wheel, touch or scrollbar. A `scroll` event does not say who did it: following scrolls
 * too. Zooming (Ctrl or ⌘ with the wheel) is not meant.
 */
export function usePersonScroll(scroller: RefObject<HTMLElement | null>, onScroll: () => void): void {
  useEffect(() => {
    const target = scroller.current;
    if (target === null) return;
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) onScroll();
    };
    // Only a scrollbar lies in the element and in none of its children.
    const press = (event: PointerEvent): void => {
      if (event.target === target) onScroll();
    };
    target.addEventListener('wheel', wheel, { passive: true });
    target.addEventListener('touchmove', onScroll, { passive: true });
    target.addEventListener('pointerdown', press, { passive: true });
    return () => {
      target.removeEventListener('wheel', wheel);
      target.removeEventListener('touchmove', onScroll);
      target.removeEventListener('pointerdown', press);
    };
  }, [scroller, onScroll]);
}
