/** Widths of the label's faces at 11 px, px a character: monospace, and on average the other. */
const DURATION_CHAR_PX = 6.7;
const ERROR_CHAR_PX = 6;
const GAP_PX = 6;
/** An error is cut rather than shown narrower than this. */
const LEAST_ERROR_PX = 40;

/** Where the text about a bar stands in its cell. */
export interface BarLabel {
  /** `before` and `after`: the bar itself lies outside of the cell, on that side. */
  readonly side: 'right' | 'left' | 'inside' | 'before' | 'after';
  /** Px from the left end of the cell, or from the right one when it stands left of something. */
  readonly offsetPx: number;
  /** The room there is, px. */
  readonly maxPx: number;
}

/**
 * Right of the bar when it fits there, else left of it, else within it; an error that fits nowhere is cut.
 *
 * @param fromPx of the bar, may lie outside of the cell, as may `toPx`
 */
export function placeLabel(fromPx: number, toPx: number, cellPx: number, duration: string, error: string): BarLabel {
  if (toPx < 0) return { side: 'before', offsetPx: 0, maxPx: cellPx };
  if (fromPx > cellPx) return { side: 'after', offsetPx: 0, maxPx: cellPx };
  const durationPx = duration.length * DURATION_CHAR_PX + GAP_PX;
  const errorPx = error === '' ? 0 : error.length * ERROR_CHAR_PX + GAP_PX;
  const rightPx = cellPx - toPx - GAP_PX;
  const leftPx = fromPx - GAP_PX;
  const right = { side: 'right', offsetPx: toPx + GAP_PX, maxPx: rightPx } as const;
  const left = { side: 'left', offsetPx: cellPx - fromPx + GAP_PX, maxPx: leftPx } as const;
  if (durationPx + errorPx <= rightPx) return right;
  if (durationPx + errorPx <= leftPx) return left;
  const neededPx = durationPx + Math.min(errorPx, LEAST_ERROR_PX);
  if (Math.max(rightPx, leftPx) >= neededPx) return rightPx >= neededPx ? right : left;
  const endPx = Math.min(toPx, cellPx);
  return { side: 'inside', offsetPx: cellPx - endPx + GAP_PX, maxPx: endPx - Math.max(fromPx, 0) - 2 * GAP_PX };
}
