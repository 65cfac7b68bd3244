import { NONE } from '../../layout/forest';
import { CARD } from '../../layout/tree-sizes';
import { drawCard, drawCardIcon } from './draw-card';
import { statusAt } from './group-card';
import { drawEdges } from './draw-edges';
import type { PaintPixels } from './paint-pixels';
import { detailAt, type Scene } from './scene';

type Context = CanvasRenderingContext2D;

/** What is drawn beyond a card: its toggle, or those behind it in a stack. */
const STACK = 14;

/** A bar's colour as one number: its checkpoint's, or red for a failure of its own. */
export function pixelColor({ layout, palette, failures }: Pick<Scene, 'layout' | 'palette' | 'failures'>) {
  const { list } = layout.forest.nodes;
  const error = palette.pixel(palette.error);
  return (index: number): number => {
    const node = list[index];
    if (node === undefined) return 0;
    const group = layout.folds.closedAt(index);
    if (group !== null) return group.summary().failed > 0 ? error : palette.checkpointPixel(node.checkpoint);
    return node.status === 'error' && !failures.passedOn(index) ? error : palette.checkpointPixel(node.checkpoint);
  };
}

function toDrawing(context: Context, { camera }: Scene, ratio: number): void {
  const scale = camera.scale * ratio;
  context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
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
    paint(context, layout, view, palette.pixel(palette.ground), palette.pixel(palette.error), pixelColor(scene));
    if (scene.selected === NONE || !layout.isPlaced(scene.selected)) return [];
    const x = ((layout.x[scene.selected] ?? 0) - camera.x) * scale;
    const y = ((layout.y[scene.selected] ?? 0) - camera.y) * scale;
    context.strokeStyle = palette.focus;
    context.lineWidth = 2 * ratio;
    context.strokeRect(x - 4, y - 4, CARD.width * scale + 8, CARD.height * scale + 8);
    return [];
  }
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  toDrawing(context, scene, ratio);
  const visible: number[] = [];
  const margin = 4 / camera.scale;
  const right = camera.x + window.width / camera.scale;
  const bottom = camera.y + window.height / camera.scale;
  layout.visit(camera.x - margin - STACK, camera.y - margin - STACK, right + margin, bottom + margin, (i) =>
    visible.push(i),
  );
  drawEdges(context, scene, visible, detail);
  for (const index of visible) drawCard(context, scene, index, detail);
  if (detail === 'bar') return [];
  return visible.filter((index) => statusAt(layout, index) === 'running');
}

/** Turns the icons of running nodes; nothing else is drawn. */
export function drawTurning(context: Context, scene: Scene, ratio: number, turning: readonly number[]): void {
  toDrawing(context, scene, ratio);
  for (const index of turning) drawCardIcon(context, scene, index);
}
