/** Widths of the outline's columns, px; 0 for one that has no room. */
export interface OutlineColumns {
  readonly name: number;
  /** Where it is wide, with the reason of an error. */
  readonly status: number;
  readonly started: number;
  readonly duration: number;
  readonly share: number;
}

const DURATION_PX = 76;
const STATUS = { wordPx: 84, reasonPx: 240 };
const STARTED_PX = 84;
const SHARE = { narrowPx: 72, widePx: 640 };
/** The share widens with the view: this part of what the names have. */
const SHARE_PART = 0.36;
/** From these widths on, the column shows. */
const FROM_PX = { share: 400, status: 520, started: 640, reason: 1_000 };

/** Names and durations always show; the others come as the view widens. */
export function outlineColumns(widthPx: number): OutlineColumns {
  const statusPx = widthPx >= FROM_PX.reason ? STATUS.reasonPx : STATUS.wordPx;
  const status = widthPx >= FROM_PX.status ? statusPx : 0;
  const started = widthPx >= FROM_PX.started ? STARTED_PX : 0;
  const restPx = Math.max(0, widthPx - status - started - DURATION_PX);
  const wished = Math.round(Math.min(SHARE.widePx, Math.max(SHARE.narrowPx, restPx * SHARE_PART)));
  const share = widthPx >= FROM_PX.share ? wished : 0;
  return { name: Math.max(0, restPx - share), status, started, duration: DURATION_PX, share };
}
