import { useMemo, useState } from 'react';
import type { PanelFlow } from '../../../frames/panel-flow';
import { useClockOffset } from '../../components/clock-context';
import { beginOf, endOf } from '../../layout/node-span';
import { useNow } from '../../ticker';
import { steadyEnd, type TimeWindow } from './time-window';

/** What a flow's nodes span, ms since its start. */
export interface Extent extends TimeWindow {
  /** From the flow's start to its first checkpoint. */
  readonly queuedMs: number;
  readonly isRunning: boolean;
}

/** What runs lasts no longer than it is known to have lasted. */
export function extentOf(flow: PanelFlow): Extent {
  let firstTs = Infinity;
  let lastTs = flow.startedTs + (flow.durationMs ?? 0);
  let isRunning = flow.status === 'running';
  for (const node of flow.nodes.list) {
    firstTs = Math.min(firstTs, beginOf(node));
    lastTs = Math.max(lastTs, endOf(node, node.startedTs));
    isRunning ||= node.status === 'running';
  }
  const firstMs = firstTs === Infinity ? 0 : firstTs - flow.startedTs;
  const fromMs = Math.min(0, firstMs);
  return {
    fromMs,
    toMs: Math.max(lastTs - flow.startedTs, fromMs + 1),
    queuedMs: Math.max(0, firstMs),
    isRunning,
  };
}

/** The end of what runs must be in sight until the next look, a second later. */
const LOOK_MS = 1_100;

/** All of the time that the flow's timeline spans; while it runs the end lies ahead and moves in steps. */
export function useTimeRange(flow: PanelFlow): { full: TimeWindow; queuedMs: number; isRunning: boolean } {
  const { fromMs, toMs, queuedMs, isRunning } = useMemo(() => extentOf(flow), [flow]);
  const nowTs = useNow(isRunning ? 'calm' : 'idle') - useClockOffset();
  const [endMs, setEndMs] = useState(0);
  const neededMs = Math.max(toMs, nowTs - flow.startedTs + LOOK_MS);
  const nextMs = isRunning ? steadyEnd(endMs, neededMs) : toMs;
  if (isRunning && nextMs !== endMs) setEndMs(nextMs);
  const full = useMemo(() => ({ fromMs, toMs: nextMs }), [fromMs, nextMs]);
  return { full, queuedMs, isRunning };
}
