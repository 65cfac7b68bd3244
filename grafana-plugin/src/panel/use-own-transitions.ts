import { useEffect, type RefObject } from 'react';

/**
 * Keeps to an element what begins to transition in it. React Aria, which Grafana's components are made with, notes on the
 * document what is in transition, and does not forget an element of which several transitions are cut short, as the ring of a
 * focus is by the next one. The panel would be held after it is gone: https://github.com/adobe/react-spectrum/issues/7326.
 */
export function useOwnTransitions(element: RefObject<HTMLElement>): void {
  useEffect(() => {
    const target = element.current;
    const keep = (event: Event): void => event.stopPropagation();
    target?.addEventListener('transitionrun', keep);
    return () => target?.removeEventListener('transitionrun', keep);
  }, [element]);
}
