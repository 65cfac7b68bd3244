import { useEffect, useMemo, useState } from 'react';
import type { BridgeApi, RunningFilter } from '../../../bridge-api';
import { createRunningSource } from '../../../datasource/queries/running/running-source';
import { nextView, NOTHING_KNOWN, type RunningView } from './running-view';

/** What runs now, asked for again and again while the page is in sight. */
export function useRunning(api: BridgeApi, filter: RunningFilter): RunningView {
  const [view, setView] = useState(NOTHING_KNOWN);
  const source = useMemo(() => createRunningSource((wanted, signal) => api.running(wanted, signal)), [api]);
  // The same filter made anew is no other one.
  const wanted = JSON.stringify(filter);
  useEffect(() => {
    let isFirst = true;
    const watching = source.watch(JSON.parse(wanted) as RunningFilter).subscribe((state) => {
      const isOfOther = isFirst && state.running === null;
      isFirst = false;
      // What another filter found stays until there is an answer, and goes when there is none.
      setView((before) => nextView(isOfOther ? NOTHING_KNOWN : before, state, Date.now()));
    });
    return () => watching.unsubscribe();
  }, [source, wanted]);
  return view;
}
