import { useCallback, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
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
  const [span, setSpan] = useState<Span>({ first: 0, last: 0 });
  const place = useRef({ scrollPx: 0, heightPx: 0 });

  useLayoutEffect(() => {
    const target = scroller.current;
    if (target === null) return;
    const show = (): void => {
      const next = spanAt(place.current.scrollPx, place.current.heightPx);
      setSpan((now) => (now.first === next.first && now.last === next.last ? now : next));
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

  const reveal = useCallback(
    (row: number, spareRows = 0) => {
      const target = scroller.current;
      if (target === null || row < 0) return;
      const { scrollPx, heightPx } = place.current;
      const sightPx = heightPx - headerPx;
      const sparePx = Math.max(0, Math.min(spareRows * ROW_PX, (sightPx - ROW_PX) / 2));
      const topPx = row * ROW_PX;
      const bottomPx = topPx + ROW_PX;
      if (topPx < scrollPx) target.scrollTop = topPx - sparePx;
      else if (bottomPx > scrollPx + sightPx) target.scrollTop = bottomPx + sparePx - sightPx;
    },
    [scroller, headerPx],
  );

  const pageRows = Math.max(1, Math.floor((size.heightPx - headerPx) / ROW_PX) - 1);
  return useMemo(() => ({ ...span, ...size, pageRows, reveal }), [span, size, pageRows, reveal]);
}
