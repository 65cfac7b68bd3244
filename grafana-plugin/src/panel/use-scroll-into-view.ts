import { useEffect, useRef, type RefObject } from 'react';
import { CARD, cardPosition, type Place } from './layout';
import { useReducedMotion } from './use-reduced-motion';

/** Room left around a card that was scrolled to, px. */
const MARGIN = CARD.padding;

/** Where to scroll along one axis so that from…to is in view: not at all when it is. */
function offsetFor(current: number, size: number, from: number, to: number): number {
  if (to + MARGIN > current + size) return Math.max(0, Math.min(from - MARGIN, to + MARGIN - size));
  return from - MARGIN < current ? Math.max(0, from - MARGIN) : current;
}

/**
 * Keeps the card that is followed in view.
 *
 * @param follow names the card; a scroll happens when it becomes another one that is not null
 * @param place of that card
 * @returns scrolls to a card at once, and focuses what the selector finds as soon as it is drawn
 */
export function useScrollIntoView(
  element: RefObject<HTMLElement | null>,
  follow: string | null,
  place: Place | undefined,
): (place: Place, selector: string) => void {
  const calm = useReducedMotion();
  const focusSelector = useRef<string | null>(null);

  const scroll = (place: Place, behavior: ScrollBehavior): void => {
    const target = element.current;
    if (target === null) return;
    const { x, y } = cardPosition(place);
    const left = offsetFor(target.scrollLeft, target.clientWidth, x, x + CARD.width);
    const top = offsetFor(target.scrollTop, target.clientHeight, y, y + CARD.height);
    if (left !== target.scrollLeft || top !== target.scrollTop) target.scrollTo({ left, top, behavior });
  };

  // A card far away is only drawn once it has been scrolled to.
  useEffect(() => {
    if (focusSelector.current === null) return;
    const card = element.current?.querySelector<HTMLElement>(focusSelector.current);
    if (card === null || card === undefined) return;
    focusSelector.current = null;
    card.focus({ preventScroll: true });
  });

  useEffect(() => {
    if (follow !== null && place !== undefined) scroll(place, calm ? 'auto' : 'smooth');
    // The key stands for the place: it never moves.
  }, [follow]);

  return (target, selector) => {
    focusSelector.current = selector;
    scroll(target, 'auto');
  };
}
