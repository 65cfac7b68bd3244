import { NONE } from '../../layout/forest';
import type { TreeLayout } from '../../layout/tree-layout';
import { CARD } from '../../layout/tree-sizes';
import { clampCamera, makeVisible, type Box, type Camera, type Size } from './camera';

/** The card of a node. */
export function boxOf(layout: TreeLayout, index: number): Box {
  return { x: layout.x[index] ?? 0, y: layout.y[index] ?? 0, width: CARD.width, height: CARD.height };
}

/**
 * Keeps the camera within the drawing and where there is something to see: a window on empty ground moves to the nearest
 * card of its rows, so that scrolling down a deep tree follows it to the right.
 */
export function withCardInSight(camera: Camera, layout: TreeLayout, window: Size): Camera {
  const clamped = clampCamera(camera, layout, window);
  const { x, y, scale } = clamped;
  const [width, height] = [window.width / scale, window.height / scale];
  if (layout.size === 0 || (width >= layout.width && height >= layout.height)) return clamped;
  const nearest = layout.nearest(x, y, x + width, y + height);
  if (nearest === NONE) return clamped;
  const box = boxOf(layout, nearest);
  if (box.x < x + width && box.x + box.width > x && box.y < y + height && box.y + box.height > y) return clamped;
  const revealed = makeVisible(clamped, box, window);
  // Who scrolls from row to row goes on: only the way along the rows yields.
  return clampCamera(layout.axes.isDown ? { ...revealed, x } : { ...revealed, y }, layout, window);
}
