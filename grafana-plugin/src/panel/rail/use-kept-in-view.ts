import { useLayoutEffect, useRef, type RefObject } from 'react';

interface Row {
  readonly key: string;
  readonly top: number;
  readonly height: number;
}

/**
 * Scrolls to a row when it becomes another one, and no further than needed. While it stays the same, it stays where it is on
 * the screen, whatever arrives above it; but a list that stands at its top goes on showing what is new.
 */
export function useKeptInView(element: RefObject<HTMLElement | null>, row: Row | undefined): void {
  const before = useRef<Row | undefined>(undefined);
  useLayoutEffect(() => {
    const target = element.current;
    const last = before.current;
    before.current = row;
    if (target === null || row === undefined) return;
    if (last?.key === row.key) {
      // To read where it stands makes the browser lay the page out, so only when there is a reason.
      if (row.top === last.top) return;
      if (target.scrollTop > 0) target.scrollTop += row.top - last.top;
      return;
    }
    const lowest = row.top + row.height - target.clientHeight;
    if (target.scrollTop > row.top) target.scrollTop = row.top;
    else if (target.scrollTop < lowest) target.scrollTop = lowest;
  }, [element, row]);
}
