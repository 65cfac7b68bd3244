import { NONE } from '../../layout/forest';
import { CARD } from '../../layout/tree-sizes';
import { TRUNK_X, type Detail, type Scene } from './scene';

type Context = CanvasRenderingContext2D;

const CORNER = 6;
const ARROW = 4.5;
/** A line to a lane comes down this far left of its cards. */
const LANE_LINE = 14;

/** A line through points, its corners rounded. */
function polyline(context: Context, points: readonly (readonly [number, number])[]): void {
  const [first, ...others] = points;
  if (first === undefined) return;
  context.moveTo(first[0], first[1]);
  others.forEach(([x, y], i) => {
    const next = others[i + 1];
    if (next === undefined) context.lineTo(x, y);
    else context.arcTo(x, y, next[0], next[1], CORNER);
  });
}

/** `then`: from a root to the one after it. What stands between them is passed above. */
function drawThen(context: Context, { layout, palette }: Scene, from: number, to: number): void {
  const middle = (layout.y[to] ?? 0) + CARD.height / 2;
  const [startX, endX] = [(layout.x[from] ?? 0) + CARD.width, layout.x[to] ?? 0];
  context.strokeStyle = palette.line;
  context.lineWidth = 1.2;
  context.setLineDash([]);
  context.beginPath();
  if (layout.leftOf(to) === from)
    polyline(context, [
      [startX + 2, middle],
      [endX - 3, middle],
    ]);
  else {
    const above = (layout.y[to] ?? 0) - 9;
    polyline(context, [
      [startX + 2, middle],
      [startX + 10, middle],
      [startX + 10, above],
      [endX - 16, above],
      [endX - 16, middle],
      [endX - 3, middle],
    ]);
  }
  context.moveTo(endX - 3 - ARROW, middle - ARROW);
  context.lineTo(endX - 3, middle);
  context.lineTo(endX - 3 - ARROW, middle + ARROW);
  context.stroke();
}

/** `within`: from below a parent down to its child, or round the cards beside it to the lane where the child stands. */
function withinPath(context: Context, { layout }: Scene, parent: number, child: number, sibling: number): void {
  const [px, py] = [layout.x[parent] ?? 0, layout.y[parent] ?? 0];
  const [cx, cy] = [layout.x[child] ?? 0, (layout.y[child] ?? 0) + CARD.height / 2];
  // Siblings of one column share their line: each draws its part from the one before.
  const shared = sibling !== NONE && layout.x[sibling] === cx && (layout.y[sibling] ?? 0) < (layout.y[child] ?? 0);
  const siblingY = (layout.y[sibling] ?? 0) + CARD.height / 2;
  if (layout.isBeneath(child)) {
    const trunk = px + TRUNK_X;
    polyline(context, [
      [trunk, shared ? siblingY - CORNER : py + CARD.height],
      [trunk, cy],
      [cx, cy],
    ]);
    return;
  }
  const lane = cx - LANE_LINE;
  const side = px + CARD.width;
  const adjacent = cx - side <= CARD.gapX;
  if (shared) {
    // The first of a lane stands in its parent's row: its line comes straight, or from underneath.
    const above = layout.y[sibling] === py ? (adjacent ? 0 : CORNER) : -CORNER;
    polyline(context, [
      [lane, siblingY + above],
      [lane, cy],
      [cx, cy],
    ]);
    return;
  }
  const below = py + CARD.height + CARD.gapY / 2;
  if (layout.forest.parentOf(parent) === NONE) {
    polyline(context, [
      [px + TRUNK_X, py + CARD.height],
      [px + TRUNK_X, below],
      [lane, below],
      [lane, cy],
      [cx, cy],
    ]);
  } else if (adjacent) {
    const middle = py + CARD.height / 2;
    polyline(
      context,
      middle === cy
        ? [
            [side, cy],
            [cx, cy],
          ]
        : [
            [side, middle],
            [lane, middle],
            [lane, cy],
            [cx, cy],
          ],
    );
  } else {
    const out = py + CARD.height - 10;
    polyline(context, [
      [side, out],
      [side + 9, out],
      [side + 9, below],
      [lane, below],
      [lane, cy],
      [cx, cy],
    ]);
  }
}

/** The nodes whose lines cross the window: those in sight, all above them, and the next sibling of each. */
function withLines(scene: Scene, visible: readonly number[]): Set<number> {
  const { forest } = scene.layout;
  const path = new Set<number>();
  for (const index of visible) {
    for (let at = index; at !== NONE && !path.has(at); at = forest.parentOf(at)) path.add(at);
  }
  const result = new Set(path);
  for (const index of path) {
    const next = forest.nextSiblingOf(index);
    if (next !== NONE && scene.layout.isPlaced(next)) result.add(next);
  }
  return result;
}

export function drawEdges(context: Context, scene: Scene, visible: readonly number[], detail: Detail): void {
  const { layout, palette, camera, window } = scene;
  const { forest } = layout;
  const bottom = camera.y + window.height / camera.scale;
  const right = camera.x + window.width / camera.scale;
  const dashed: number[] = [];
  context.strokeStyle = palette.line;
  context.lineWidth = Math.max(1, 0.6 / camera.scale);
  context.beginPath();
  const roots: number[] = [];
  for (const index of withLines(scene, visible)) {
    const parent = forest.parentOf(index);
    const sibling = forest.previousSiblingOf(index);
    if (parent === NONE) {
      if (sibling !== NONE) roots.push(index);
      continue;
    }
    // The line lies between the upper of parent and sibling and the card, and right of the parent.
    const top = sibling === NONE ? (layout.y[parent] ?? 0) : Math.min(layout.y[sibling] ?? 0, layout.y[index] ?? 0);
    if (top > bottom || (layout.x[parent] ?? 0) > right) continue;
    if ((layout.y[index] ?? 0) + CARD.height < camera.y && (layout.y[parent] ?? 0) + CARD.height < camera.y) continue;
    if (forest.nodes.list[index]?.status === 'running' && detail !== 'bar') dashed.push(index);
    else withinPath(context, scene, parent, index, sibling);
  }
  context.stroke();
  context.setLineDash([4, 3]);
  context.lineWidth = 1.5;
  for (const index of dashed) {
    context.strokeStyle = palette.checkpoint(forest.nodes.list[index]?.checkpoint ?? '');
    context.beginPath();
    withinPath(context, scene, forest.parentOf(index), index, forest.previousSiblingOf(index));
    context.stroke();
  }
  context.setLineDash([]);
  if (camera.y > CARD.margin + CARD.height) return;
  for (const index of roots) drawThen(context, scene, forest.previousSiblingOf(index), index);
}
