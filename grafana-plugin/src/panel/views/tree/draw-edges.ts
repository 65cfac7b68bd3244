import { NONE } from '../../layout/forest';
import { CARD, type TreeAxes } from '../../layout/tree-sizes';
import { STACKED, statusAt } from './group-card';
import { TRUNK, type Detail, type Scene } from './scene';
import type { Pen } from '../../pen';

type Context = Pen;

const CORNER = 6;
const ARROW = 4.5;
/** A line to a lane comes down this far left of its cards. */
const LANE_LINE = 14;

/** A line through points, by the tree's own axes, its corners rounded. */
function polyline(context: Context, { isDown }: TreeAxes, points: readonly (readonly [number, number])[]): void {
  const [first, ...others] = points;
  if (first === undefined) return;
  const at = ([u, v]: readonly [number, number]): readonly [number, number] => (isDown ? [v, u] : [u, v]);
  context.moveTo(...at(first));
  others.forEach((point, i) => {
    const next = others[i + 1];
    if (next === undefined) context.lineTo(...at(point));
    else context.arcTo(...at(point), ...at(next), CORNER);
  });
}

/** `then`: from a root to the one after it. What stands between them is passed beside it. */
function drawThen(context: Context, { layout, palette }: Scene, from: number, to: number): void {
  const { axes, u, v } = layout;
  const middle = (v[to] ?? 0) + TRUNK;
  const [start, end] = [(u[from] ?? 0) + axes.cardU + (layout.folds.closedAt(from) === null ? 2 : STACKED), u[to] ?? 0];
  context.strokeStyle = palette.line;
  context.lineWidth = 1.2;
  context.setLineDash([]);
  context.beginPath();
  if (layout.rowMateBefore(to) === from)
    polyline(context, axes, [
      [start, middle],
      [end - 3, middle],
    ]);
  else {
    const beside = (v[to] ?? 0) - 9;
    polyline(context, axes, [
      [start, middle],
      [start + 8, middle],
      [start + 8, beside],
      [end - 16, beside],
      [end - 16, middle],
      [end - 3, middle],
    ]);
  }
  polyline(context, axes, [
    [end - 3 - ARROW, middle - ARROW],
    [end - 3, middle],
  ]);
  polyline(context, axes, [
    [end - 3, middle],
    [end - 3 - ARROW, middle + ARROW],
  ]);
  context.stroke();
}

/** `within`: from a parent to its child beneath, or round the cards beside it to the lane where the child stands. */
function withinPath(context: Context, { layout }: Scene, parent: number, child: number, sibling: number): void {
  const { axes, u, v } = layout;
  const line = (...points: (readonly [number, number])[]): void => polyline(context, axes, points);
  const [pu, pv] = [u[parent] ?? 0, v[parent] ?? 0];
  const [cu, cv] = [u[child] ?? 0, (v[child] ?? 0) + TRUNK];
  // Siblings of one column share their line: each draws its part from the one before.
  const shared = sibling !== NONE && u[sibling] === cu && (v[sibling] ?? 0) < (v[child] ?? 0);
  const siblingV = (v[sibling] ?? 0) + TRUNK;
  if (layout.isBeneath(child)) {
    const trunk = pu + TRUNK;
    line([trunk, shared ? siblingV - CORNER : pv + axes.cardV], [trunk, cv], [cu, cv]);
    return;
  }
  const lane = cu - LANE_LINE;
  const side = pu + axes.cardU;
  const adjacent = cu - side <= axes.gapU;
  if (shared) {
    // The first of a lane stands in its parent's row: its line comes straight, or from underneath.
    const before = v[sibling] === pv ? (adjacent ? 0 : CORNER) : -CORNER;
    line([lane, siblingV + before], [lane, cv], [cu, cv]);
    return;
  }
  const below = pv + axes.cardV + axes.gapV / 2;
  if (layout.forest.parentOf(parent) === NONE) {
    line([pu + TRUNK, pv + axes.cardV], [pu + TRUNK, below], [lane, below], [lane, cv], [cu, cv]);
  } else if (adjacent) {
    const middle = pv + TRUNK;
    if (middle === cv) line([side, cv], [cu, cv]);
    else line([side, middle], [lane, middle], [lane, cv], [cu, cv]);
  } else {
    const out = pv + axes.cardV - 10;
    line([side, out], [side + 9, out], [side + 9, below], [lane, below], [lane, cv], [cu, cv]);
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
    const next = scene.layout.nextShown(index);
    if (next !== NONE && scene.layout.isPlaced(next)) result.add(next);
  }
  return result;
}

export function drawEdges(context: Context, scene: Scene, visible: readonly number[], detail: Detail): void {
  const { layout, palette, camera, window } = scene;
  const { forest, axes, u, v } = layout;
  const [width, height] = [window.width / camera.scale, window.height / camera.scale];
  // What is seen, by the tree's own axes.
  const [fromV, endU, endV] = axes.isDown
    ? [camera.x, camera.y + height, camera.x + width]
    : [camera.y, camera.x + width, camera.y + height];
  const dashed: number[] = [];
  context.strokeStyle = palette.line;
  context.lineWidth = Math.max(1, 0.6 / camera.scale);
  context.beginPath();
  const roots: number[] = [];
  for (const index of withLines(scene, visible)) {
    const parent = forest.parentOf(index);
    const sibling = layout.previousShown(index);
    if (parent === NONE) {
      if (sibling !== NONE) roots.push(index);
      continue;
    }
    // The line lies between the nearer of parent and sibling and the card, and beyond the parent.
    const start = sibling === NONE ? (v[parent] ?? 0) : Math.min(v[sibling] ?? 0, v[index] ?? 0);
    if (start > endV || (u[parent] ?? 0) > endU) continue;
    if ((v[index] ?? 0) + axes.cardV < fromV && (v[parent] ?? 0) + axes.cardV < fromV) continue;
    if (statusAt(layout, index) === 'running' && detail !== 'bar') dashed.push(index);
    else withinPath(context, scene, parent, index, sibling);
  }
  context.stroke();
  context.setLineDash([4, 3]);
  context.lineWidth = 1.5;
  for (const index of dashed) {
    context.strokeStyle = palette.checkpoint(forest.nodes.list[index]?.checkpoint ?? '');
    context.beginPath();
    withinPath(context, scene, forest.parentOf(index), index, layout.previousShown(index));
    context.stroke();
  }
  context.setLineDash([]);
  if (fromV > CARD.margin + axes.cardV) return;
  for (const index of roots) drawThen(context, scene, layout.previousShown(index), index);
}
