import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { criticalPath } from '../layout/critical-path';
import { extentOf } from '../layout/flow-extent';
import { createRows } from '../layout/rows';
import type { Pen } from '../pen';
import { outlineColumns } from '../views/outline/outline-columns';
import { axisTicks } from '../views/timeline/time-axis';
import { createTimeScale } from '../views/timeline/time-scale';
import { drawMeasures, drawRowLabel, drawTimeBar, ROW_PX, write, writeTo, type RowToDraw } from './draw-rows';
import type { Picture } from './picture';
import type { Shown } from './tree-picture';

/** More rows make a picture that nobody can open, px of height and bytes alike. */
const MOST_ROWS = 2_000;
const WIDTH = 1_200;
const HEADER_PX = 26;
const LABEL_PX = 340;
/** Room at the right for durations. */
const ROOM_PX = 72;
const TICKS = 8;

interface RowsDrawing {
  /** Above the rows, and behind them down to the bottom, px at 100 %. */
  header(pen: Pen, bottom: number): void;
  row(pen: Pen, row: RowToDraw): void;
}

/** The rows that are shown, from the first, each drawn by the view's own drawing. */
function rowsPicture(shown: Shown, drawing: RowsDrawing): Picture {
  const rows = createRows(shown.forest, shown.folds);
  rows.update(shown.collapsed);
  const count = Math.min(rows.size, MOST_ROWS);
  const height = HEADER_PX + count * ROW_PX;
  const folded = shown.forest.size - rows.size;
  const notes: string[] = [];
  if (rows.size > count) notes.push(t('export.first-rows', { shown: count, all: rows.size }));
  if (folded > 0) notes.push(t('export.folded', { count: folded }));
  const draw = (pen: Pen, scale: number, ratio: number): void => {
    pen.setTransform(scale * ratio, 0, 0, scale * ratio, 0, 0);
    pen.fillStyle = shown.palette.ground;
    pen.fillRect(0, 0, WIDTH, height);
    drawing.header(pen, height);
    for (let at = 0; at < count; at++) {
      const index = rows.nodeAt(at);
      const node = shown.forest.nodes.list[index];
      if (node === undefined) continue;
      const top = HEADER_PX + at * ROW_PX;
      pen.fillStyle = shown.palette.border;
      pen.fillRect(0, top - 0.5, WIDTH, 0.5);
      drawing.row(pen, { node, index, depth: rows.depthAt(at), top });
    }
  };
  return { width: WIDTH, height, vectorScale: 1, notes, draw, paint: draw };
}

export function timelinePicture(shown: Shown, flow: PanelFlow): Picture {
  const { fromMs, toMs, isRunning } = extentOf(flow);
  const endMs = isRunning ? Math.max(toMs, shown.nowTs - flow.startedTs) : toMs;
  const cellPx = WIDTH - LABEL_PX - 8;
  const scale = createTimeScale({ fromMs, toMs: endMs }, cellPx - ROOM_PX, cellPx);
  const ticks = axisTicks({ fromMs, toMs: scale.toMs(cellPx) }, TICKS);
  const critical = criticalPath(shown.forest);
  const { palette } = shown;
  return rowsPicture(shown, {
    header(pen, bottom) {
      write(pen, t('views.columns.name'), palette.detailFont, palette.detail, 8, 17);
      for (const { atMs, text } of ticks) {
        const x = LABEL_PX + scale.toPx(atMs);
        pen.fillStyle = palette.border;
        pen.fillRect(x, HEADER_PX - 6, 0.5, bottom - HEADER_PX + 6);
        write(pen, text, palette.detailFont, palette.detail, x + 3, 17);
      }
    },
    row(pen, row) {
      drawRowLabel(pen, shown, row, LABEL_PX);
      const isCritical = critical.has(row.index);
      drawTimeBar(pen, shown, row, { scale, left: LABEL_PX, flowStartedTs: flow.startedTs, isCritical });
    },
  });
}

export function outlinePicture(shown: Shown, flow: PanelFlow): Picture {
  const { toMs, isRunning } = extentOf(flow);
  const flowMs = Math.max(1, isRunning ? shown.nowTs - flow.startedTs : toMs);
  // Figures of models are not in the picture.
  const columns = { ...outlineColumns(WIDTH, { hasTokens: false, hasCost: false }), slow: 0 };
  const { palette } = shown;
  const { detailFont: font, detail: color } = palette;
  return rowsPicture(shown, {
    header(pen) {
      write(pen, t('views.columns.name'), font, color, 8, 17);
      write(pen, t('views.columns.status'), font, color, columns.name, 17);
      const began = columns.name + columns.status + columns.started;
      writeTo(pen, t('views.columns.started'), font, color, began - 8, 17);
      writeTo(pen, t('views.columns.duration'), font, color, began + columns.duration - 8, 17);
      write(pen, t('views.columns.share'), font, color, began + columns.duration + 8, 17);
    },
    row(pen, row) {
      drawRowLabel(pen, shown, row, columns.name);
      drawMeasures(pen, shown, row, { columns, flowStartedTs: flow.startedTs, flowMs });
    },
  });
}
