import { useMemo } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { useClockOffset } from '../components/clock-context';
import { extentOf } from '../layout/flow-extent';
import { useNow } from '../ticker';
import { steadyEnd } from '../views/timeline/time-window';

/** The time that both flows span from their starts; while one runs the end lies ahead and moves in steps. */
export function useCommonTime(own: PanelFlow, other: PanelFlow) {
  const extents = useMemo(() => [extentOf(own), extentOf(other)], [own, other]);
  const isRunning = extents.some((extent) => extent.isRunning);
  const nowTs = useNow(isRunning ? 'calm' : 'idle') - useClockOffset();
  const fromMs = Math.min(...extents.map((extent) => extent.fromMs));
  const knownMs = Math.max(...extents.map((extent) => extent.toMs));
  const startedTs = [own, other].filter(({ status }) => status === 'running').map((flow) => flow.startedTs);
  const toMs = isRunning ? steadyEnd(0, Math.max(knownMs, ...startedTs.map((ts) => nowTs - ts))) : knownMs;
  return { fromMs, toMs, nowTs: isRunning ? nowTs : 0 };
}
