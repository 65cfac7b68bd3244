import type { RailMode } from '../options';

/** Below this width there is no room for a list that need not be there, px; */
const NARROW_PX = 900;
/** and below this one for none at all. */
const TINY_PX = 480;

/** Whether the list of flows is behind a button. */
export function railFolds(mode: RailMode, widthPx: number): boolean {
  if (mode === 'never') return true;
  return widthPx < (mode === 'always' ? TINY_PX : NARROW_PX);
}
