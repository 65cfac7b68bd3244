import { useMemo, useState } from 'react';
import type { PanelFlow } from '../../../frames/panel-flow';
import { useClockOffset, useEndTs } from '../../components/clock-context';
import { extentOf } from '../../layout/flow-extent';
import { useNow } from '../../ticker';
import { steadyEnd, type TimeWindow } from './time-window';

/** The end of what runs must be in sight until the next look, a second later. */
const LOOK_MS = 1_100;

/** All of the time that the flow's timeline spans; while it runs the end lies ahead and moves in steps, unless it is known. */
export function useTimeRange(flow: PanelFlow): { full: TimeWindow; queuedMs: number; isRunning: boolean } {
  const { fromMs, toMs, queuedMs, isRunning } = useMemo(() => extentOf(flow), [flow]);
  const nowTs = useNow(isRunning ? 'calm' : 'idle') - useClockOffset();
  const endTs = useEndTs();
  const [endMs, setEndMs] = useState(0);
  const neededMs = Math.max(toMs, nowTs - flow.startedTs + LOOK_MS);
  const knownMs = endTs === null ? null : endTs - flow.startedTs;
  const nextMs = knownMs ?? (isRunning ? steadyEnd(endMs, neededMs) : toMs);
  if (isRunning && nextMs !== endMs) setEndMs(nextMs);
  const full = useMemo(() => ({ fromMs, toMs: nextMs }), [fromMs, nextMs]);
  return { full, queuedMs, isRunning };
}
