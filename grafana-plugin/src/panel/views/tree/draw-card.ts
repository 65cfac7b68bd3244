import { NONE } from '../../layout/forest';
import { CARD } from '../../layout/tree-sizes';
import { errorLine } from '../../detail-line';
import type { PanelNode } from '../../../frames/panel-flow';
import { drawIcon, ICON_RADIUS } from './draw-icon';
import { durationText, secondLine } from './node-label';
import { TOGGLE_RADIUS, TRUNK_X, type Detail, type Scene } from './scene';

type Context = CanvasRenderingContext2D;

const RADIUS = 3;
const BAR_WIDTH = 3;
const ICON_X = 18;
const TEXT_X = 33;
const RIGHT = CARD.width - 10;
const NAME_Y = 18;
const DETAIL_Y = 34;
/** Where the name stands when nothing stands below it. */
const ALONE_Y = 26;
const GAP = 8;
/** What the detail may keep of the second line beside a failure's reason. */
const DETAIL_SHARE = 0.38;

export function nodeColor({ palette, failures }: Scene, node: PanelNode, index: number): string {
  if (node.status === 'error') return failures.passedOn(index) ? palette.muted : palette.error;
  if (node.status === 'ok') return palette.ok;
  return node.status === 'running' ? palette.checkpoint(node.checkpoint) : palette.muted;
}

function outline(context: Context, scene: Scene, node: PanelNode, index: number, x: number, y: number): void {
  const { palette } = scene;
  const own = node.status === 'running' || (node.status === 'error' && !scene.failures.passedOn(index));
  const cut = node.status === 'aborted' || node.status === 'timed_out' || node.status === 'lost';
  context.strokeStyle = own ? nodeColor(scene, node, index) : palette.border;
  context.lineWidth = own ? 1.5 : 1;
  if (cut) context.setLineDash([4, 3]);
  context.stroke();
  if (cut) context.setLineDash([]);
  if (index !== scene.selected) return;
  context.strokeStyle = palette.focus;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(x - 2.5, y - 2.5, CARD.width + 5, CARD.height + 5, RADIUS + 2);
  context.stroke();
}

/** The icon alone, on the card's ground: what turns between two frames while a node runs. */
export function drawCardIcon(context: Context, scene: Scene, index: number): void {
  const node = scene.layout.forest.nodes.list[index];
  if (node === undefined) return;
  const x = (scene.layout.x[index] ?? 0) + ICON_X;
  const y = (scene.layout.y[index] ?? 0) + CARD.height / 2;
  context.fillStyle = index === scene.hovered ? scene.palette.cardHover : scene.palette.card;
  context.fillRect(x - ICON_RADIUS - 1, y - ICON_RADIUS - 1, 2 * ICON_RADIUS + 2, 2 * ICON_RADIUS + 2);
  const passedOn = scene.failures.passedOn(index);
  drawIcon(context, x, y, {
    status: node.status,
    color: nodeColor(scene, node, index),
    angle: scene.angle,
    passedOn,
  });
}

function texts(context: Context, scene: Scene, node: PanelNode, index: number, x: number, y: number): void {
  const { palette, fitText } = scene;
  const write = (text: string, font: string, color: string, atX: number, atY: number): void => {
    if (text === '') return;
    context.font = font;
    context.fillStyle = color;
    context.fillText(text, x + atX, y + atY);
  };
  const reason = errorLine(node);
  const line = secondLine(node, scene.layout.forest.brokenOf(index));
  const nameY = reason === '' && line === '' ? ALONE_Y : NAME_Y;
  const room = RIGHT - TEXT_X;
  const duration = fitText(context, durationText(node, scene.nowTs), palette.durationFont, room);
  write(duration.text, palette.durationFont, palette.text, RIGHT - duration.width, nameY);
  const name = fitText(context, node.checkpoint, palette.nameFont, room - duration.width - GAP);
  write(name.text, palette.nameFont, palette.text, TEXT_X, nameY);

  const detail = fitText(context, line, palette.detailFont, reason === '' ? room : room * DETAIL_SHARE);
  write(detail.text, palette.detailFont, palette.detail, TEXT_X, DETAIL_Y);
  if (reason === '') return;
  const error = fitText(context, reason, palette.detailFont, line === '' ? room : room - detail.width - GAP);
  const errorColor = scene.failures.passedOn(index) ? palette.muted : palette.error;
  write(error.text, palette.detailFont, errorColor, line === '' ? TEXT_X : RIGHT - error.width, DETAIL_Y);
}

/** A round toggle where the line to the children begins; of a collapsed node it tells how many they are. */
function toggle(context: Context, scene: Scene, node: PanelNode, index: number, x: number, y: number): void {
  const { palette, layout } = scene;
  const count = layout.forest.childCountOf(index);
  if (count === 0) return;
  const collapsed = scene.collapsed.has(node.id);
  if (!collapsed && index !== scene.hovered && index !== scene.selected) return;
  const label = count > 999 ? '999+' : `${count}`;
  const { width } = scene.fitText(context, label, palette.countFont, CARD.width);
  const half = collapsed ? Math.max(TOGGLE_RADIUS + 1, width / 2 + 5) : TOGGLE_RADIUS;
  const [cx, cy] = [x + TRUNK_X, y + CARD.height];
  context.beginPath();
  context.roundRect(cx - half, cy - TOGGLE_RADIUS, 2 * half, 2 * TOGGLE_RADIUS, TOGGLE_RADIUS);
  context.fillStyle = palette.ground;
  context.fill();
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = palette.text;
  if (collapsed) {
    context.font = palette.countFont;
    context.fillText(label, cx - width / 2, cy + 3.3);
  } else context.fillRect(cx - 3, cy - 0.6, 6, 1.2);
}

/** One card, at its place in the drawing. */
export function drawCard(context: Context, scene: Scene, index: number, detail: Detail): void {
  const node = scene.layout.forest.nodes.list[index];
  if (node === undefined || index === NONE) return;
  const { palette, layout } = scene;
  const x = layout.x[index] ?? 0;
  const y = layout.y[index] ?? 0;
  const color = palette.checkpoint(node.checkpoint);
  if (detail === 'bar') {
    context.fillStyle = node.status === 'error' && !scene.failures.passedOn(index) ? palette.error : color;
    context.fillRect(x, y, CARD.width, CARD.height);
    if (index !== scene.selected) return;
    context.strokeStyle = palette.focus;
    context.lineWidth = 2 / scene.camera.scale;
    context.strokeRect(x, y, CARD.width, CARD.height);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, CARD.width, CARD.height, RADIUS);
  context.fillStyle = index === scene.hovered ? palette.cardHover : palette.card;
  context.fill();
  outline(context, scene, node, index, x, y);
  context.fillStyle = color;
  context.fillRect(x, y, BAR_WIDTH, CARD.height);
  drawCardIcon(context, scene, index);
  if (detail === 'name') {
    const name = scene.fitText(context, node.checkpoint, palette.largeNameFont, RIGHT - TEXT_X);
    context.font = palette.largeNameFont;
    context.fillStyle = palette.text;
    context.fillText(name.text, x + TEXT_X, y + CARD.height / 2 + 7);
    return;
  }
  texts(context, scene, node, index, x, y);
  toggle(context, scene, node, index, x, y);
}
