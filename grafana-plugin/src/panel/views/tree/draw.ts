import { isDimmedAt } from '../../layout/dimmed';
import { NONE } from '../../layout/forest';
import { CARD } from '../../layout/tree-sizes';
import type { Pen } from '../../pen';
import { drawCard, drawCardIcon } from './draw-card';
import { statusAt } from './group-card';
import { drawEdges } from './draw-edges';
import type { PaintPixels } from './paint-pixels';
import { FADED_ALPHA } from './palette';
import { detailAt, type Detail, type Scene } from './scene';

type Context = CanvasRenderingContext2D;

/** What is drawn beyond a card: its toggle, or those behind it in a stack. */
const STACK = 14;

/** A bar's colour as one number: its checkpoint's, or red for a failure of its own; faded when it is not looked for. */
export function pixelColor(scene: Pick<Scene, 'layout' | 'palette' | 'failures' | 'matches'>) {
  const { layout, palette, failures, matches } = scene;
  const { list } = layout.forest.nodes;
  const error = palette.pixel(palette.error);
  return (index: number): number => {
    const node = list[index];
    if (node === undefined) return 0;
    const group = layout.folds.closedAt(index);
    const isFailure =
      group === null ? node.status === 'error' && !failures.passedOn(index) : group.summary().failed > 0;
    const color = isFailure ? error : palette.checkpointPixel(node.checkpoint);
    return isDimmedAt(layout.folds, matches, index) ? palette.fadedPixel(color) : color;
  };
}

/** Which cards are faded; null while none is. */
export function fadedOf({ layout, matches }: Pick<Scene, 'layout' | 'matches'>): ((index: number) => boolean) | null {
  return matches.isActive ? (index) => isDimmedAt(layout.folds, matches, index) : null;
}

function toDrawing(context: Pen, { camera }: Scene, ratio: number): void {
  const scale = camera.scale * ratio;
  context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
}

/**
 * Draws cards, or bars where it is small: all that needs no more than a pen.
 *
 * @returns as {@link draw}
 */
export function drawCards(context: Pen, scene: Scene, ratio: number, detail: Exclude<Detail, 'pixels'>): number[] {
  const { layout, palette, camera, window } = scene;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, window.width * ratio, window.height * ratio);
  toDrawing(context, scene, ratio);
  const visible: number[] = [];
  const margin = 4 / camera.scale;
  const right = camera.x + window.width / camera.scale;
  const bottom = camera.y + window.height / camera.scale;
  layout.visit(camera.x - margin - STACK, camera.y - margin - STACK, right + margin, bottom + margin, (i) =>
    visible.push(i),
  );
  drawEdges(context, scene, visible, detail);
  for (const index of visible) {
    context.globalAlpha = isDimmedAt(layout.folds, scene.matches, index) ? FADED_ALPHA : 1;
    drawCard(context, scene, index, detail);
  }
  context.globalAlpha = 1;
  if (detail === 'bar') return [];
  return visible.filter((index) => statusAt(layout, index) === 'running');
}

/**
 * Draws the part of the tree that the camera sees, from cards down to joined pixels.
 *
 * @param ratio device pixels for each px of the page
 * @returns the running nodes in sight whose icons turn
 */
export function draw(context: Context, scene: Scene, ratio: number, paint: PaintPixels): number[] {
  const { layout, palette, camera, window } = scene;
  const detail = detailAt(camera.scale);
  context.setTransform(1, 0, 0, 1, 0, 0);
  const [width, height] = [window.width * ratio, window.height * ratio];
  if (detail === 'pixels') {
    const scale = camera.scale * ratio;
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, width, height);
    // Only as much as the drawing covers: zoomed out, a tree is often a narrow band.
    const view = {
      x: camera.x,
      y: camera.y,
      scaleX: scale,
      scaleY: scale,
      width: Math.min(width, (layout.width - camera.x) * scale),
      height: Math.min(height, (layout.height - camera.y) * scale),
    };
    paint(context, layout, view, palette.pixel(palette.ground), palette.pixel(palette.error), {
      colorOf: pixelColor(scene),
      isFaded: fadedOf(scene),
    });
    if (scene.selected === NONE || !layout.isPlaced(scene.selected)) return [];
    const x = ((layout.x[scene.selected] ?? 0) - camera.x) * scale;
    const y = ((layout.y[scene.selected] ?? 0) - camera.y) * scale;
    context.strokeStyle = palette.focus;
    context.lineWidth = 2 * ratio;
    context.strokeRect(x - 4, y - 4, CARD.width * scale + 8, CARD.height * scale + 8);
    return [];
  }
  return drawCards(context, scene, ratio, detail);
}

/** Turns the icons of running nodes; nothing else is drawn. */
export function drawTurning(context: Context, scene: Scene, ratio: number, turning: readonly number[]): void {
  toDrawing(context, scene, ratio);
  // What is faded would gain with each turn.
  for (const index of turning)
    if (!isDimmedAt(scene.layout.folds, scene.matches, index)) drawCardIcon(context, scene, index);
}
