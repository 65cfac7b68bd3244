import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { flowStatusText } from '../format';
import type { FormatDuration } from '../looks';
import type { Pen } from '../pen';
import type { Palette } from '../views/tree/palette';
import type { Caption } from './picture';

const LINE_PX = 17;
const PADDING = { x: 20, y: 10 };
/** A name may be as long as a URL. */
const MAX_NAME = 120;

/** What is said below a picture: which flow it is, how and when it went, and what is left out. */
export function captionLines(
  flow: Pick<PanelFlow, 'id' | 'name' | 'status' | 'durationMs' | 'startedTs'>,
  {
    nowTs,
    timeText,
    notes,
    duration,
  }: { nowTs: number; timeText: string; notes: readonly string[]; duration: FormatDuration },
): string[] {
  const name = flow.name === '' ? t('common.unnamed-flow') : flow.name;
  const cut = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
  const soFar = flow.status === 'running' ? Math.max(0, nowTs - flow.startedTs) : null;
  const ms = flow.durationMs ?? soFar;
  const took = ms === null ? [] : [duration(ms)];
  return [[cut, flowStatusText(flow.status), ...took].join(' · '), `${flow.id} · ${timeText}`, ...notes];
}

export function layOutCaption(
  pen: Pick<Pen, 'font' | 'measureText'>,
  lines: readonly string[],
  palette: Palette,
): Caption {
  pen.font = palette.nameFont;
  const width = Math.max(...lines.map((line) => pen.measureText(line).width));
  return { lines, width: Math.ceil(width) + 2 * PADDING.x, height: lines.length * LINE_PX + 2 * PADDING.y };
}

/** @param top px from the picture's top, at the caption's own scale */
export function drawCaption(pen: Pen, { lines }: Caption, palette: Palette, top: number, ratio: number): void {
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  lines.forEach((line, i) => {
    pen.font = i === 0 ? palette.nameFont : palette.detailFont;
    pen.fillStyle = i === 0 ? palette.text : palette.detail;
    pen.fillText(line, PADDING.x, top + PADDING.y + i * LINE_PX + 12);
  });
}
