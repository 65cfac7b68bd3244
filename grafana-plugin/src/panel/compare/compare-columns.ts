/** Widths of a comparison's columns, px. */
export interface CompareColumns {
  readonly labelPx: number;
  readonly trackPx: number;
  readonly differencePx: number;
}

/** Below this width there is room for few words. */
const NARROW_PX = 480;

export function compareColumns(widthPx: number): CompareColumns {
  const clamp = (least: number, share: number, most: number): number =>
    Math.round(Math.min(Math.max(least, widthPx * share), most));
  const labelPx = widthPx < NARROW_PX ? Math.round(widthPx * 0.36) : clamp(160, 0.22, 420);
  const differencePx = widthPx < NARROW_PX ? 104 : clamp(132, 0.12, 220);
  return { labelPx, differencePx, trackPx: Math.max(0, widthPx - labelPx - differencePx) };
}
