import { NONE } from '../../layout/forest';
import type { TreeLayout } from '../../layout/tree-layout';
import type { Camera, Size } from './camera';

const MOST = 60;
/** Of children, and of siblings on either side. */
const NEIGHBOURS = 8;

/**
 * The nodes that stand in the DOM: the focused one with its parent, siblings and children, what is in sight, and what is
 * near, row by row.
 */
export function mirroredNodes(layout: TreeLayout, focused: number, camera: Camera, window: Size): number[] {
  const { forest } = layout;
  const result = new Set<number>();
  const add = (index: number): void => {
    if (index !== NONE && result.size < MOST && layout.isPlaced(index)) result.add(index);
  };
  const addRow = (from: number, next: (index: number) => number): void => {
    for (let i = 0, at = from; i < NEIGHBOURS && at !== NONE; i++, at = next(at)) add(at);
  };
  if (focused !== NONE) {
    add(focused);
    add(forest.parentOf(focused));
    const next = (index: number): number => layout.nextShown(index);
    addRow(next(focused), next);
    addRow(layout.previousShown(focused), (index) => layout.previousShown(index));
    addRow(forest.firstChildOf(focused), next);
  }
  const [width, height] = [window.width / camera.scale, window.height / camera.scale];
  layout.visit(camera.x, camera.y, camera.x + width, camera.y + height, add);
  // A small flow stands there whole, of a large one what is up to a window away.
  if (layout.size <= MOST) layout.visit(0, 0, layout.width, layout.height, add);
  else layout.visit(camera.x - width, camera.y - height, camera.x + 2 * width, camera.y + 2 * height, add);
  const order = (a: number, b: number): number =>
    (layout.v[a] ?? 0) - (layout.v[b] ?? 0) || (layout.u[a] ?? 0) - (layout.u[b] ?? 0);
  return [...result].sort(order);
}
