import type { PanelProps } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { useEffect, useMemo, useRef, type Dispatch } from 'react';
import { useLooksOf } from './components/looks-context';
import { useFind } from './find/use-find';
import { createFailures } from './layout/failures';
import { createForest, NONE } from './layout/forest';
import type { FlowTreeOptions } from './options';
import { railRows } from './rail/rail-rows';
import { noticesOf } from './state/notices';
import { collapsedOf, openedOf, type PanelAction } from './state/panel-state';
import { shownFlow } from './state/shown-flow';
import { usePanelState } from './state/use-panel-state';
import { useFlowFigures } from './use-flow-figures';
import { useFlowTime } from './use-flow-time';
import { useFolds } from './use-folds';
import { useGrown } from './use-grown';
import { usePanelBridge } from './use-panel-bridge';
import { usePanelData } from './use-panel-data';

export type PanelModel = ReturnType<typeof usePanelModel>;

/** Everything that the panel shows, up to date at each render: O(changed). */
export function usePanelModel(props: PanelProps<FlowTreeOptions>) {
  const { id, data, options } = props;
  const { flows, meta, notices, recognized, failure, linksOfNode } = usePanelData(props);
  const bridge = usePanelBridge(data.request);
  const [state, dispatch] = usePanelState(id);
  const shown = shownFlow(state, flows);
  useStayWithFirst(!options.follow && state.flowId === null, shown.flow?.id, dispatch);
  const looks = useLooksOf(data.series, useTheme2());
  const time = useFlowTime(shown.flow, flows, state.compareId, dispatch);
  const flow = time.replay?.flow ?? shown.flow;
  const rail = useMemo(() => railRows(flows, state.filter), [flows, state.filter]);

  const forest = useGrown(flow?.nodes, createForest);
  const failures = useGrown(flow?.nodes, createFailures);
  const folding = state.folding ?? options.foldSiblings;
  const selectedIndex = flow?.nodes.indexOf(shown.nodeId ?? '') ?? NONE;
  const folds = useFolds(
    forest,
    { on: folding, opened: openedOf(state, flow?.id ?? ''), kept: selectedIndex },
    (keys) => flow !== null && dispatch({ type: 'unfold', flowId: flow.id, keys }),
  );
  const { figures, slow, totals } = useFlowFigures(flow?.nodes, meta, data.series);

  const offsetMs = meta?.clockOffsetMs ?? 0;
  const frozenTs = meta?.connection?.heardTs ?? null;
  const clock = useMemo(() => ({ offsetMs, frozenTs }), [offsetMs, frozenTs]);
  const find = useFind({ flow, forest, failures, state, selectedId: shown.nodeId, clock, dispatch });
  const live = meta?.mode === 'live';
  return {
    flows,
    meta,
    recognized,
    /** Why there is nothing to show; empty when there is something. */
    failure,
    notices: noticesOf(flow === null ? [] : notices, flow === null ? '' : failure, shown.absentId),
    bridge,
    state,
    dispatch,
    /** The one that is shown, as it is now or as it was. */
    flow,
    nodeId: shown.nodeId,
    /** The selected one; undefined for none. */
    selected: flow?.nodes.list[selectedIndex],
    selectedIndex,
    rail,
    forest,
    failures,
    folds,
    folding,
    collapsed: collapsedOf(state, flow?.id ?? ''),
    direction: state.direction ?? options.direction,
    view: state.view ?? options.view,
    looks,
    figures,
    slow,
    totals,
    time,
    replay: time.replay,
    clock,
    find,
    live,
    following: time.replay?.following ?? (shown.following && live),
    linksOfNode,
  };
}

/** Shows the first flow there is from now on, once: who asks to follow later does follow. */
function useStayWithFirst(stays: boolean, flowId: string | undefined, dispatch: Dispatch<PanelAction>): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || flowId === undefined) return;
    isDone.current = true;
    if (stays) dispatch({ type: 'stay', flowId });
  }, [stays, flowId, dispatch]);
}
