/** How much faster than it happened. */
export const REPLAY_SPEEDS = [0.5, 1, 2, 5, 10] as const;

export type ReplaySpeed = (typeof REPLAY_SPEEDS)[number];

/** A flow that is shown as it was at a time. */
export interface ReplayState {
  /** Null while nothing is replayed. */
  readonly flowId: string | null;
  readonly speed: ReplaySpeed;
  readonly skipsGaps: boolean;
  /** Ms since the flow's start: the time shown at `sinceMs`, or all along while it stands still. */
  readonly atMs: number;
  /** The browser's time from which it plays, epoch ms; null while it stands still. */
  readonly sinceMs: number | null;
}

/** What a person or the clock did. `nowMs` is the browser's time, epoch ms; `toMs` is the end of what is replayed. */
export type ReplayAction =
  | { readonly type: 'open'; readonly flowId: string; readonly fromMs: number; readonly nowMs: number }
  | { readonly type: 'close' }
  /** At the end it begins again. */
  | { readonly type: 'play'; readonly fromMs: number; readonly toMs: number; readonly nowMs: number }
  | { readonly type: 'pause'; readonly toMs: number; readonly nowMs: number }
  /** It goes on playing, or stands still, as before. */
  | { readonly type: 'seek'; readonly atMs: number; readonly nowMs: number }
  | { readonly type: 'speed'; readonly speed: ReplaySpeed; readonly toMs: number; readonly nowMs: number }
  | { readonly type: 'gaps'; readonly skips: boolean };

export const NO_REPLAY: ReplayState = { flowId: null, speed: 1, skipsGaps: true, atMs: 0, sinceMs: null };

/** The time that is shown, ms since the flow's start, at most `toMs`. */
export function replayTime({ atMs, sinceMs, speed }: ReplayState, nowMs: number, toMs: number): number {
  return Math.min(toMs, sinceMs === null ? atMs : atMs + Math.max(0, nowMs - sinceMs) * speed);
}

/** The same, with the time shown now as the one to go on from. */
function anchored(state: ReplayState, nowMs: number, toMs: number): ReplayState {
  const atMs = replayTime(state, nowMs, toMs);
  return { ...state, atMs, sinceMs: state.sinceMs === null ? null : nowMs };
}

export function reduceReplay(state: ReplayState, action: ReplayAction): ReplayState {
  switch (action.type) {
    case 'open':
      return { ...state, flowId: action.flowId, atMs: action.fromMs, sinceMs: action.nowMs };
    case 'close':
      return { ...state, flowId: null, sinceMs: null };
    case 'play': {
      const { atMs } = anchored(state, action.nowMs, action.toMs);
      return { ...state, atMs: atMs >= action.toMs ? action.fromMs : atMs, sinceMs: action.nowMs };
    }
    case 'pause':
      return { ...anchored(state, action.nowMs, action.toMs), sinceMs: null };
    case 'seek':
      return { ...state, atMs: action.atMs, sinceMs: state.sinceMs === null ? null : action.nowMs };
    case 'speed':
      return { ...anchored(state, action.nowMs, action.toMs), speed: action.speed };
    case 'gaps':
      return { ...state, skipsGaps: action.skips };
  }
}

/** Of playing: a stretch without a change that takes longer is a gap, of which so much is left at its begin, and so much at its end. */
const GAP_MS = { least: 1_500, begin: 400, end: 500 } as const;

/**
 * Where a replay that skips gaps goes on, ms since the flow's start; null while it has nothing to skip.
 *
 * @param lastMs when something changed last
 * @param nextMs when something changes next; Infinity when nothing does
 */
export function gapEnd({ speed }: ReplayState, atMs: number, lastMs: number, nextMs: number): number | null {
  if (nextMs === Infinity || nextMs - lastMs < GAP_MS.least * speed) return null;
  const toMs = nextMs - GAP_MS.end * speed;
  return atMs - lastMs >= GAP_MS.begin * speed && atMs < toMs ? toMs : null;
}
