/** Widths of the outline's columns, px; 0 for one that has no room. */
export interface OutlineColumns {
  readonly name: number;
  /** Where it is wide, with the reason of an error. */
  readonly status: number;
  readonly started: number;
  /** Only when a node of the flow tells tokens, */
  readonly tokens: number;
  /** or has a cost. */
  readonly cost: number;
  /** What is said of slow nodes; without it their durations have a sign. */
  readonly slow: number;
  readonly duration: number;
  readonly share: number;
}

const DURATION_PX = 76;
const STATUS = { wordPx: 84, reasonPx: 240 };
const STARTED_PX = 84;
const TOKENS_PX = 68;
const COST_PX = 68;
const SLOW_PX = 88;
const SHARE = { narrowPx: 72, widePx: 640 };
/** The share widens with the view: this part of what the names have. */
const SHARE_PART = 0.36;
/** From these widths on, the column shows. */
const FROM_PX = { share: 400, status: 520, started: 640, slow: 720, tokens: 760, cost: 820, reason: 1_100 };

/** What nodes of the flow have. */
export interface OutlineFigures {
  readonly hasTokens: boolean;
  readonly hasCost: boolean;
}

/** Names and durations always show; the others come as the view widens. */
export function outlineColumns(widthPx: number, { hasTokens, hasCost }: OutlineFigures): OutlineColumns {
  const statusPx = widthPx >= FROM_PX.reason ? STATUS.reasonPx : STATUS.wordPx;
  const status = widthPx >= FROM_PX.status ? statusPx : 0;
  const started = widthPx >= FROM_PX.started ? STARTED_PX : 0;
  const tokens = hasTokens && widthPx >= FROM_PX.tokens ? TOKENS_PX : 0;
  const cost = hasCost && widthPx >= FROM_PX.cost ? COST_PX : 0;
  const slow = widthPx >= FROM_PX.slow ? SLOW_PX : 0;
  const restPx = Math.max(0, widthPx - status - started - tokens - cost - slow - DURATION_PX);
  const wished = Math.round(Math.min(SHARE.widePx, Math.max(SHARE.narrowPx, restPx * SHARE_PART)));
  const share = widthPx >= FROM_PX.share ? wished : 0;
  return { name: Math.max(0, restPx - share), status, started, tokens, cost, slow, duration: DURATION_PX, share };
}
