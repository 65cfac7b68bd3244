import { useMemo } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import type { Failures } from '../layout/failures';
import { useNow } from '../ticker';
import { totalsOf, type Totals } from './totals';

/** What a flow took; counted once a second while it runs, since each count looks at all of its nodes. Null without a flow. */
export function useTotals(flow: PanelFlow | null, failures: Failures | null): Totals | null {
  const isRunning = flow?.status === 'running';
  const second = useNow(isRunning ? 'calm' : 'idle');
  return useMemo(
    () => (flow === null || failures === null ? null : totalsOf(flow, failures.count)),
    [failures, isRunning ? second : flow],
  );
}
