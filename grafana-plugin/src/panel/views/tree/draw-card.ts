import { NONE } from '../../layout/forest';
import { CARD } from '../../layout/tree-sizes';
import type { Pen } from '../../pen';
import { errorLine, isToldBy, passedOnText } from '../../detail-line';
import { groupTitle } from '../../group-text';
import type { PanelNode } from '../../../frames/panel-flow';
import { SLOW_SIGN, slowText } from '../../slow-text';
import { usageLines } from '../../usage-line';
import { drawIcon, ICON_RADIUS } from './draw-icon';
import type { FittedText } from './fit-text';
import { durationText, secondLine } from './node-label';
import { drawFoldAgain, drawGroupTexts, drawStack } from './draw-group';
import { statusAt } from './group-card';
import { TEXT, TOGGLE_RADIUS, toggleAt, type Detail, type Scene } from './scene';

type Context = Pen;

const RADIUS = 3;
const BAR_WIDTH = 3;
const ICON_X = 18;
/** Where the name stands when nothing stands below it. */
const ALONE_Y = 26;
/** What the detail may keep of the second line beside a failure's reason. */
const DETAIL_SHARE = 0.38;

/** Whether the failure of a node, or of the group that it stands for, only passed through it. */
function isPassedOn({ failures, layout }: Scene, index: number): boolean {
  return layout.folds.closedAt(index) === null && failures.passedOn(index);
}

export function nodeColor(scene: Scene, node: PanelNode, index: number): string {
  const { palette, layout } = scene;
  const status = statusAt(layout, index);
  if (status === 'error') return isPassedOn(scene, index) ? palette.muted : palette.error;
  if (status === 'ok') return palette.ok;
  return status === 'running' ? palette.checkpoint(node.checkpoint) : palette.muted;
}

function outline(context: Context, scene: Scene, node: PanelNode, index: number, x: number, y: number): void {
  const { palette } = scene;
  const status = statusAt(scene.layout, index);
  const own = status === 'running' || (status === 'error' && !isPassedOn(scene, index));
  const cut = status === 'aborted' || status === 'timed_out' || status === 'lost';
  context.strokeStyle = own ? nodeColor(scene, node, index) : palette.border;
  context.lineWidth = own ? 1.5 : 1;
  if (cut) context.setLineDash([4, 3]);
  context.stroke();
  if (cut) context.setLineDash([]);
  if (index !== scene.selected) return;
  context.strokeStyle = palette.focus;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(x - 0.5, y - 0.5, CARD.width + 1, CARD.height + 1, RADIUS);
  context.stroke();
}

/** The icon alone, on the card's ground: what turns between two frames while a node runs. */
export function drawCardIcon(context: Context, scene: Scene, index: number): void {
  const node = scene.layout.forest.nodes.list[index];
  if (node === undefined) return;
  const x = (scene.layout.x[index] ?? 0) + ICON_X;
  const y = (scene.layout.y[index] ?? 0) + CARD.height / 2;
  const ground = [index === scene.hovered ? scene.palette.cardHover : scene.palette.card];
  if (index === scene.selected) ground.push(scene.palette.selected);
  for (const color of ground) {
    context.fillStyle = color;
    context.fillRect(x - ICON_RADIUS - 1, y - ICON_RADIUS - 1, 2 * ICON_RADIUS + 2, 2 * ICON_RADIUS + 2);
  }
  const passedOn = isPassedOn(scene, index);
  drawIcon(context, x, y, {
    status: statusAt(scene.layout, index) ?? node.status,
    color: nodeColor(scene, node, index),
    angle: scene.angle,
    passedOn,
  });
}

/** The longest of these lines that has room, or the last one cut to it. */
function fitFirst(context: Context, { fitText, palette }: Scene, lines: readonly string[], room: number): FittedText {
  for (const line of lines) {
    const fitted = fitText(context, line, palette.detailFont, room);
    if (fitted.text === line) return fitted;
  }
  return fitText(context, lines.at(-1) ?? '', palette.detailFont, room);
}

function texts(context: Context, scene: Scene, node: PanelNode, index: number, x: number, y: number): void {
  const { palette, fitText } = scene;
  const write = (text: string, font: string, color: string, atX: number, atY: number): void => {
    if (text === '') return;
    context.font = font;
    context.fillStyle = color;
    context.fillText(text, x + atX, y + atY);
  };
  const { slow, currency } = scene.figures;
  const mark = slow.markOf(node, scene.nowTs);
  const slowColor = mark === null ? palette.text : palette.slow(mark.step?.color);
  const { forest } = scene.layout;
  const passedOn = scene.failures.passedOn(index);
  const error = errorLine(node);
  const reason = error !== '' && passedOn ? passedOnText(forest.childCountOf(index) > 0) : error;
  const line = secondLine(node, forest.brokenOf(index));
  const lines = usageLines(isToldBy(reason, line) ? '' : line, node, currency, palette.looks.duration);
  const nameY = reason === '' && mark === null && lines[0] === '' ? ALONE_Y : TEXT.nameY;
  const room = TEXT.right - TEXT.left;
  const time = durationText(node, scene.nowTs, palette.looks);
  const duration = fitText(context, mark === null ? time : `${SLOW_SIGN} ${time}`, palette.durationFont, room);
  write(duration.text, palette.durationFont, slowColor, TEXT.right - duration.width, nameY);
  const name = fitText(context, node.checkpoint, palette.nameFont, room - duration.width - TEXT.gap);
  write(name.text, palette.nameFont, palette.text, TEXT.left, nameY);

  const over = mark === null || reason !== '' ? '' : slowText(mark, palette.looks.duration);
  const factor = fitText(context, over, palette.detailFont, room);
  write(factor.text, palette.detailFont, slowColor, TEXT.right - factor.width, TEXT.detailY);
  const besideFactor = factor.text === '' ? room : room - factor.width - TEXT.gap;
  const besideReason = (): number =>
    Math.max(room * DETAIL_SHARE, room - fitText(context, reason, palette.detailFont, room).width - TEXT.gap);
  const detail = fitFirst(context, scene, lines, reason === '' ? besideFactor : besideReason());
  write(detail.text, palette.detailFont, palette.detail, TEXT.left, TEXT.detailY);
  if (reason === '') return;
  const told = fitText(context, reason, palette.detailFont, detail.text === '' ? room : room - detail.width - TEXT.gap);
  const color = passedOn ? palette.muted : palette.error;
  write(told.text, palette.detailFont, color, detail.text === '' ? TEXT.left : TEXT.right - told.width, TEXT.detailY);
}

/** A round toggle where the line to the children begins; of a collapsed node it tells how many they are. */
function toggle(context: Context, scene: Scene, node: PanelNode, index: number): void {
  const { palette, layout } = scene;
  const count = layout.forest.childCountOf(index);
  if (count === 0 || layout.folds.closedAt(index) !== null) return;
  const collapsed = scene.collapsed.has(node.id);
  if (!collapsed && index !== scene.hovered && index !== scene.selected) return;
  const label = count > 999 ? '999+' : `${count}`;
  const { width } = scene.fitText(context, label, palette.countFont, CARD.width);
  const half = collapsed ? Math.max(TOGGLE_RADIUS + 1, width / 2 + 5) : TOGGLE_RADIUS;
  const { x: cx, y: cy } = toggleAt(layout, index);
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
    const group = layout.folds.closedAt(index)?.summary();
    const failed = group === undefined ? node.status === 'error' && !isPassedOn(scene, index) : group.failed > 0;
    context.fillStyle = failed ? palette.error : color;
    context.fillRect(x, y, CARD.width, CARD.height);
    if (index !== scene.selected) return;
    context.strokeStyle = palette.focus;
    context.lineWidth = 2 / scene.camera.scale;
    context.strokeRect(x, y, CARD.width, CARD.height);
    return;
  }
  const group = layout.folds.closedAt(index)?.summary() ?? null;
  if (group !== null) drawStack(context, scene, x, y, color);
  context.beginPath();
  context.roundRect(x, y, CARD.width, CARD.height, RADIUS);
  context.fillStyle = index === scene.hovered ? palette.cardHover : palette.card;
  context.fill();
  if (index === scene.selected) {
    context.fillStyle = palette.selected;
    context.fill();
  }
  outline(context, scene, node, index, x, y);
  context.fillStyle = color;
  context.fillRect(x, y, BAR_WIDTH, CARD.height);
  drawCardIcon(context, scene, index);
  if (detail === 'name') {
    const title = group === null ? node.checkpoint : groupTitle(group);
    const name = scene.fitText(context, title, palette.largeNameFont, TEXT.right - TEXT.left);
    context.font = palette.largeNameFont;
    context.fillStyle = palette.text;
    context.fillText(name.text, x + TEXT.left, y + CARD.height / 2 + 7);
    return;
  }
  if (group === null) texts(context, scene, node, index, x, y);
  else drawGroupTexts(context, scene, group, x, y);
  toggle(context, scene, node, index);
  drawFoldAgain(context, scene, index);
}
