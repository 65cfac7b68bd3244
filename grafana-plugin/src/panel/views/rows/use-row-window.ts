import { useCallback, useLayoutEffect, useMemo, useReducer, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';

/** The height of every row, px. */
export const ROW_PX = 26;
/** Rows kept on both sides of those in sight. */
const MARGIN_ROWS = 3;
/** The window moves by this many rows, so that a small scroll renders nothing. */
const STEP_ROWS = 2;

interface Span {
  readonly first: number;
  /** Exclusive; may lie beyond the last row. */
  readonly last: number;
}

/** What of the rows can be seen. */
export interface RowWindow extends Span {
  /** Of the scrolling element without its scrollbar, px; 0 before it was measured. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Rows that fit below the header. */
  readonly pageRows: number;
  /** Rows of one span stand in different slots, and a row takes the slot of one that has left: what draws it is used again. */
  readonly slotOf: (row: number) => number;
  /** The rows that are in sight once `reveal` has brought a row there. */
  readonly spanAround: (row: number, spareRows: number, rowCount: number) => Span;
  /** Brings the row in sight when it is not, with `spareRows` beyond it. */
  readonly reveal: (row: number, spareRows?: number) => void;
}

function spanAt(scrollPx: number, heightPx: number): Span {
  const first = Math.floor(scrollPx / ROW_PX / STEP_ROWS) * STEP_ROWS - MARGIN_ROWS;
  const last = Math.ceil((scrollPx + heightPx) / ROW_PX / STEP_ROWS) * STEP_ROWS + MARGIN_ROWS;
  return { first: Math.max(0, first), last };
}

/**
 * Which rows of a scrolling element are in sight. Its size and place are remembered as they are told, since to read them
 * in the middle of an update forces a layout.
 *
 * @param headerPx height of what sticks to the top, or 0
 */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, headerPx: number): RowWindow {
  const [size, setSize] = useState({ widthPx: 0, heightPx: 0 });
  const [, moved] = useReducer((count: number) => count + 1, 0);
  const place = useRef({ scrollPx: 0, heightPx: 0 });
  // Whoever renders meanwhile sees where the window is by then.
  const { first, last } = spanAt(place.current.scrollPx, place.current.heightPx);
  const rendered = useRef<Span>({ first, last });
  useLayoutEffect(() => {
    rendered.current = { first, last };
  });

  useLayoutEffect(() => {
    const target = scroller.current;
    if (target === null) return;
    const show = (): void => {
      const next = spanAt(place.current.scrollPx, place.current.heightPx);
      if (rendered.current.first !== next.first || rendered.current.last !== next.last) moved();
    };
    const measure = (widthPx: number, heightPx: number): void => {
      place.current.heightPx = heightPx;
      setSize((now) => (now.widthPx === widthPx && now.heightPx === heightPx ? now : { widthPx, heightPx }));
      show();
    };
    measure(target.clientWidth, target.clientHeight);
    const observer = new ResizeObserver(() => measure(target.clientWidth, target.clientHeight));
    observer.observe(target);
    const scrolled = (): void => {
      place.current.scrollPx = target.scrollTop;
      // In this frame, not in the next: else a long scroll shows a blank.
      flushSync(show);
    };
    target.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      target.removeEventListener('scroll', scrolled);
    };
  }, [scroller]);

  const revealedPx = useCallback(
    (row: number, spareRows: number): number => {
      const { scrollPx, heightPx } = place.current;
      const sightPx = heightPx - headerPx;
      const sparePx = Math.max(0, Math.min(spareRows * ROW_PX, (sightPx - ROW_PX) / 2));
      const topPx = row * ROW_PX;
      const bottomPx = topPx + ROW_PX;
      if (topPx < scrollPx) return Math.max(0, topPx - sparePx);
      return bottomPx > scrollPx + sightPx ? bottomPx + sparePx - sightPx : scrollPx;
    },
    [headerPx],
  );
  const reveal = useCallback(
    (row: number, spareRows = 0) => {
      const target = scroller.current;
      if (target === null || row < 0) return;
      const toPx = revealedPx(row, spareRows);
      if (toPx === place.current.scrollPx) return;
      target.scrollTop = toPx;
      place.current.scrollPx = target.scrollTop;
    },
    [scroller, revealedPx],
  );
  const spanAround = useCallback(
    (row: number, spareRows: number, rowCount: number): Span => {
      const { heightPx } = place.current;
      const lastPx = Math.max(0, headerPx + rowCount * ROW_PX - heightPx);
      return spanAt(Math.min(revealedPx(row, spareRows), lastPx), heightPx);
    },
    [headerPx, revealedPx],
  );

  const slots = Math.ceil(size.heightPx / ROW_PX) + 2 * (MARGIN_ROWS + STEP_ROWS);
  const slotOf = useCallback((row: number) => row % slots, [slots]);
  const pageRows = Math.max(1, Math.floor((size.heightPx - headerPx) / ROW_PX) - 1);
  return useMemo(
    () => ({ first, last, ...size, pageRows, slotOf, spanAround, reveal }),
    [first, last, size, pageRows, slotOf, spanAround, reveal],
  );
}
