import { useEffect, useMemo, useReducer, useState } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import type { Clock } from '../components/clock-context';
import { extentOf } from '../layout/flow-extent';
import { useReducedMotion } from '../use-reduced-motion';
import { createReplayFlow } from './replay-flow';
import { gapEnd, NO_REPLAY, reduceReplay, replayTime, type ReplaySpeed } from './replay-state';
import { useFrames } from './use-frames';

/** A replay that is open, and what can be done with it. Times are ms since the flow's start. */
export interface Replay {
  /** The flow as it is shown now; its `id` is that of the flow. */
  readonly flow: PanelFlow;
  /** All of it, for what shows the whole. */
  readonly whole: PanelFlow;
  /** By which times in it are counted. */
  readonly clock: Clock;
  readonly fromMs: number;
  readonly toMs: number;
  readonly isPlaying: boolean;
  readonly speed: ReplaySpeed;
  readonly skipsGaps: boolean;
  /** The newest checkpoint is kept in sight. */
  readonly following: boolean;
  /** The time shown at this moment. */
  readonly now: () => number;
  readonly playOrPause: () => void;
  readonly seek: (atMs: number) => void;
  readonly setSpeed: (speed: ReplaySpeed) => void;
  readonly setSkipsGaps: (skips: boolean) => void;
  readonly setFollowing: (follows: boolean) => void;
  readonly close: () => void;
}

/** Replays the flow that is shown, once it is asked to. Another flow that is shown instead ends it. */
export function useReplay(flow: PanelFlow | null): {
  /** Null while nothing is replayed. */
  readonly replay: Replay | null;
  readonly open: (flow: PanelFlow) => void;
} {
  const [state, dispatch] = useReducer(reduceReplay, NO_REPLAY);
  const [following, setFollowing] = useState(true);
  const [, render] = useReducer((count: number) => count + 1, 0);
  const calm = useReducedMotion();
  const replayed = flow !== null && flow.id === state.flowId ? flow : null;
  const past = useMemo(() => (replayed === null ? null : createReplayFlow(replayed)), [replayed]);
  const isPlaying = past !== null && state.sinceMs !== null;
  const toMs = past?.toMs ?? 0;
  const now = (): number => replayTime(state, Date.now(), toMs);
  const shown = past?.at(now()) ?? null;

  useFrames(isPlaying, calm, () => {
    if (past === null) return;
    const atMs = now();
    const { lastMs, nextMs } = past.around(atMs);
    const skipped = state.skipsGaps ? gapEnd(state, atMs, lastMs, nextMs) : null;
    if (atMs >= toMs) dispatch({ type: 'pause', toMs, nowMs: Date.now() });
    else if (skipped !== null) dispatch({ type: 'seek', atMs: skipped, nowMs: Date.now() });
    else if (past.at(atMs) !== shown) render();
  });

  const isStray = state.flowId !== null && replayed === null;
  useEffect(() => {
    if (isStray) dispatch({ type: 'close' });
  }, [isStray]);
  useEffect(() => {
    if (!isPlaying) return;
    const pause = (): void => {
      if (document.hidden) dispatch({ type: 'pause', toMs, nowMs: Date.now() });
    };
    document.addEventListener('visibilitychange', pause);
    return () => document.removeEventListener('visibilitychange', pause);
  }, [isPlaying, toMs]);

  const clock = useMemo<Clock>(() => {
    const startedTs = replayed?.startedTs ?? 0;
    const timeAt = (browserTs: number): number => startedTs + replayTime(state, browserTs, toMs);
    return {
      offsetMs: 0,
      frozenTs: state.sinceMs === null ? timeAt(0) : null,
      shownTs: timeAt,
      endTs: startedTs + toMs,
    };
  }, [state, replayed?.startedTs, toMs]);

  const open = (wanted: PanelFlow): void => {
    setFollowing(true);
    dispatch({ type: 'open', flowId: wanted.id, fromMs: extentOf(wanted).fromMs, nowMs: Date.now() });
  };
  if (past === null || shown === null || replayed === null) return { replay: null, open };
  const { fromMs } = past;
  return {
    open,
    replay: {
      flow: shown,
      whole: replayed,
      clock,
      fromMs,
      toMs,
      isPlaying,
      speed: state.speed,
      skipsGaps: state.skipsGaps,
      following,
      now,
      playOrPause: () =>
        dispatch(
          isPlaying ? { type: 'pause', toMs, nowMs: Date.now() } : { type: 'play', fromMs, toMs, nowMs: Date.now() },
        ),
      seek: (atMs) => dispatch({ type: 'seek', atMs: Math.min(Math.max(atMs, fromMs), toMs), nowMs: Date.now() }),
      setSpeed: (speed) => dispatch({ type: 'speed', speed, toMs, nowMs: Date.now() }),
      setSkipsGaps: (skips) => dispatch({ type: 'gaps', skips }),
      setFollowing,
      close: () => dispatch({ type: 'close' }),
    },
  };
}
