import type { PanelNode } from '../../frames/panel-flow';
import { detailLine, errorLine, passedOnText } from '../detail-line';
import { flowStatusText, percentText } from '../format';
import { groupStatusText, groupTitle } from '../group-text';
import { groupStatus } from '../layout/fold-group';
import { NONE } from '../layout/forest';
import { beginOf, endOf } from '../layout/node-span';
import type { Pen } from '../pen';
import { drawIcon } from '../views/tree/draw-icon';
import { placeLabel } from '../views/timeline/bar-label';
import type { TimeScale } from '../views/timeline/time-scale';
import type { Shown } from './tree-picture';

export const ROW_PX = 24;
const BASELINE = 16;
const MAX_INDENTS = 8;
const INDENT_PX = 14;
const LEAST_BAR_PX = 3;
const GAP_PX = 6;
/** Of what is known of a node beside its name. */
const DETAIL_SHARE = 0.5;

/** One row of a picture. */
export interface RowToDraw {
  readonly node: PanelNode;
  readonly index: number;
  readonly depth: number;
  /** Of the row, px at 100 %. */
  readonly top: number;
}

export function write(pen: Pen, text: string, font: string, color: string, x: number, y: number): void {
  if (text === '') return;
  pen.font = font;
  pen.fillStyle = color;
  pen.fillText(text, x, y);
}

/** Text that ends at a place. */
export function writeTo(pen: Pen, text: string, font: string, color: string, right: number, y: number): void {
  pen.font = font;
  write(pen, text, font, color, right - pen.measureText(text).width, y);
}

function statusColorOf({ palette }: Shown, status: PanelNode['status'], checkpoint: string, passedOn: boolean): string {
  if (status === 'error') return passedOn ? palette.muted : palette.error;
  if (status === 'ok') return palette.ok;
  return status === 'running' ? palette.checkpoint(checkpoint) : palette.muted;
}

/** Colour, status, name and one line about a node, indented below its parent. */
export function drawRowLabel(pen: Pen, shown: Shown, { node, index, depth, top }: RowToDraw, widthPx: number): void {
  const { palette, fitText, failures } = shown;
  const x = 8 + Math.min(depth, MAX_INDENTS) * INDENT_PX;
  pen.fillStyle = palette.checkpoint(node.checkpoint);
  pen.fillRect(x, top + 5, 3, 14);
  const group = shown.folds.closedAt(index)?.summary();
  const status = group === undefined ? node.status : groupStatus(group);
  const passedOn = group === undefined && failures.passedOn(index);
  drawIcon(pen, x + 15, top + ROW_PX / 2, {
    status,
    color: statusColorOf(shown, status, node.checkpoint, passedOn),
    angle: -Math.PI / 2,
    passedOn,
  });
  const textX = x + 28;
  const room = widthPx - textX - 8;
  const detail = group === undefined ? detailLine(node) : groupStatusText(group);
  const title = group === undefined ? node.checkpoint : groupTitle(group);
  const name = fitText(pen, title, palette.nameFont, detail === '' ? room : room * (1 - DETAIL_SHARE));
  write(pen, name.text, palette.nameFont, palette.text, textX, top + BASELINE);
  const rest = fitText(pen, detail, palette.detailFont, room - name.width - GAP_PX);
  write(pen, rest.text, palette.detailFont, palette.detail, textX + name.width + GAP_PX, top + BASELINE);
}

/** The bar of a node from its begin to its end, with its duration and error beside it. */
export function drawTimeBar(
  pen: Pen,
  shown: Shown,
  { node, index, top }: RowToDraw,
  {
    scale,
    left,
    flowStartedTs,
    isCritical,
  }: { scale: TimeScale; left: number; flowStartedTs: number; isCritical: boolean },
): void {
  const { palette, fitText, failures, nowTs } = shown;
  const [beginTs, endTs] = [beginOf(node), endOf(node, nowTs)];
  const from = scale.toPx(beginTs - flowStartedTs);
  const to = Math.max(from + LEAST_BAR_PX, scale.toPx(endTs - flowStartedTs));
  const error = failures.passedOn(index) ? '' : errorLine(node);
  const color = palette.checkpoint(node.checkpoint);
  pen.fillStyle = color;
  pen.beginPath();
  pen.roundRect(left + from, top + 6, to - from, 12, 2);
  pen.fill();
  if (error !== '') {
    pen.fillStyle = palette.error;
    pen.fillRect(left + to - 3, top + 6, 3, 12);
  }
  if (isCritical) {
    pen.fillStyle = palette.text;
    pen.fillRect(left + from, top + 20, to - from, 2);
  }
  const { looks } = palette;
  const duration = node.status === 'lost' ? looks.noDuration : looks.duration(endTs - beginTs);
  const label = placeLabel(from, to, scale.cellPx, duration, error);
  const fitted = fitText(pen, duration, palette.durationFont, scale.cellPx);
  const reason = fitText(pen, error, palette.detailFont, Math.max(0, label.maxPx - fitted.width - GAP_PX));
  const width = fitted.width + (reason.text === '' ? 0 : GAP_PX + reason.width);
  // What stands inside of a bar in the view stands on it here, in the ground's colour.
  const isInside = label.side === 'inside';
  const x = left + (label.side === 'right' ? label.offsetPx : scale.cellPx - label.offsetPx - width);
  write(pen, fitted.text, palette.durationFont, isInside ? palette.ground : palette.detail, x, top + BASELINE);
  if (isInside) return;
  write(pen, reason.text, palette.detailFont, palette.error, x + fitted.width + GAP_PX, top + BASELINE);
}

/** Columns of the outline, px. */
export interface MeasureColumns {
  readonly name: number;
  readonly status: number;
  readonly started: number;
  readonly duration: number;
  readonly share: number;
}

/** Status in words, when it began, how long it took and its share of the flow. */
export function drawMeasures(
  pen: Pen,
  shown: Shown,
  { node, index, top }: RowToDraw,
  { columns, flowStartedTs, flowMs }: { columns: MeasureColumns; flowStartedTs: number; flowMs: number },
): void {
  const { palette, fitText, failures, nowTs } = shown;
  const passedOn = failures.passedOn(index);
  const error = passedOn ? '' : errorLine(node);
  const status = passedOn ? passedOnText(shown.forest.firstChildOf(index) !== NONE) : flowStatusText(node.status);
  const words = fitText(pen, error === '' ? status : `${status} · ${error}`, palette.detailFont, columns.status - 8);
  let x = columns.name;
  write(pen, words.text, palette.detailFont, error === '' ? palette.detail : palette.error, x, top + BASELINE);
  x += columns.status + columns.started;
  const { looks } = palette;
  const began = looks.offset(beginOf(node) - flowStartedTs);
  writeTo(pen, began, palette.durationFont, palette.detail, x - 8, top + BASELINE);
  x += columns.duration;
  const ms = endOf(node, nowTs) - beginOf(node);
  const duration = node.status === 'lost' ? looks.noDuration : looks.duration(ms);
  writeTo(pen, duration, palette.durationFont, palette.text, x - 8, top + BASELINE);
  const share = Math.min(1, Math.max(0, ms / flowMs));
  const trough = columns.share - 16 - 40;
  pen.fillStyle = palette.card;
  pen.fillRect(x + 8, top + 9, trough, 6);
  pen.fillStyle = palette.checkpoint(node.checkpoint);
  pen.fillRect(x + 8, top + 9, Math.max(1, trough * share), 6);
  const percent = percentText(share);
  writeTo(pen, percent, palette.durationFont, palette.detail, x + columns.share - 8, top + BASELINE);
}
