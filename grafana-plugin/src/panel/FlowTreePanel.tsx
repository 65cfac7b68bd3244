import { css } from '@emotion/css';
import { LoadingState, locationUtil, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useEffect, useMemo, useRef, useState, type Dispatch, type KeyboardEvent } from 'react';
import { pastOf } from '../frames/history';
import { linksOfRow, type LinkTools } from '../frames/links';
import { createNodeLinks } from '../frames/node-links';
import { CompareView } from './compare/CompareView';
import { ClockProvider } from './components/clock-context';
import { Clocked } from './components/Clocked';
import { EmptyState } from './components/EmptyState';
import { useLooksOf } from './components/looks-context';
import { PanelContexts } from './components/PanelContexts';
import { NodeDetails } from './details/NodeDetails';
import { placementIn } from './details/placement';
import { useExportMenu } from './export/use-export-menu';
import { FailureBar } from './header/FailureBar';
import { findMenu, helpMenu } from './find/find-menu';
import { FindTools, isSearching, type FindRoom } from './find/FindTools';
import { NoMatch } from './find/NoMatch';
import { useFind } from './find/use-find';
import { useOverlay } from './find/use-overlay';
import { FlowSummary } from './header/FlowSummary';
import { Notices } from './header/Notices';
import { PanelHeader } from './header/PanelHeader';
import { treeMenu } from './header/tree-menu';
import { KeyHelp } from './help/KeyHelp';
import { createFailures } from './layout/failures';
import { createForest, NONE } from './layout/forest';
import { NO_FILTERS } from './layout/query';
import type { FlowTreeOptions } from './options';
import { FlowRail } from './rail/FlowRail';
import { railFolds } from './rail/rail-folds';
import { railRows } from './rail/rail-rows';
import { ReplayBar } from './replay/ReplayBar';
import { noticesOf } from './state/notices';
import { actionOfKey, isTyping, overlayOfKey } from './state/panel-keys';
import { createPanelDataReader } from './state/panel-data';
import { collapsedOf, openedOf, type PanelAction } from './state/panel-state';
import { shownFlow } from './state/shown-flow';
import { usePanelState } from './state/use-panel-state';
import { connectionText, emptyText, type EmptyText } from './status-text';
import { useFocusNode } from './use-focus-node';
import { useFolds } from './use-folds';
import { useFlowFigures } from './use-flow-figures';
import { useFlowTime } from './use-flow-time';
import { useGrown } from './use-grown';
import { usePanelBridge } from './use-panel-bridge';
import { flowKey } from './views/flow-key';
import { FlowViewer } from './views/FlowViewer';

/** Below this width */
const COMPACT_PX = 600;
/** or below this height one row says all that is not the flow. */
const LOW_PX = 260;
/** Above this width the header has room for everything that finds. */
const WIDE_PX = 1_120;

/** The node whose element an event comes from; null for none. */
function nodeIdAt(target: EventTarget): string | null {
  return (target as Element).closest<HTMLElement>('[data-node-id]')?.dataset['nodeId'] ?? null;
}

/** Flows on the left, one of them in a view beside it, details of a node on the right. */
export function FlowTreePanel({
  id,
  data,
  width,
  height,
  options,
  timeRange,
  timeZone,
  replaceVariables,
}: PanelProps<FlowTreeOptions>) {
  const styles = useStyles2(getStyles);
  const reader = useMemo(() => createPanelDataReader(), []);
  const nodeLinks = useMemo(() => createNodeLinks(), []);
  const linkTools: LinkTools = { replace: replaceVariables, assureBaseUrl: locationUtil.assureBaseUrl };
  const { flows, meta, notices, recognized } = useMemo(
    () => reader.read(data.series, (frame, row) => linksOfRow(frame, row, linkTools)),
    [reader, data.series, replaceVariables],
  );
  const failure = data.errors?.[0]?.message ?? data.error?.message ?? '';
  const bridge = usePanelBridge(data.request);
  const [state, dispatch] = usePanelState(id);
  const shown = shownFlow(state, flows);
  useStayWithFirst(!options.follow && state.flowId === null, shown.flow?.id, dispatch);
  const looks = useLooksOf(data.series, useTheme2());
  const time = useFlowTime(shown.flow, flows, state.compareId, dispatch);
  const { replay } = time;
  const flow = replay?.flow ?? shown.flow;
  const rail = useMemo(() => railRows(flows, state.filter), [flows, state.filter]);
  const forest = useGrown(flow?.nodes, createForest);
  const failures = useGrown(flow?.nodes, createFailures);
  const folding = state.folding ?? options.foldSiblings;
  const direction = state.direction ?? options.direction;
  const selectedIndex = flow?.nodes.indexOf(shown.nodeId ?? '') ?? NONE;
  const folds = useFolds(
    forest,
    { on: folding, opened: openedOf(state, flow?.id ?? ''), kept: selectedIndex },
    (keys) => flow !== null && dispatch({ type: 'unfold', flowId: flow.id, keys }),
  );
  const { figures, slow, totals } = useFlowFigures(flow?.nodes, meta, data.series);
  const panel = useRef<HTMLDivElement>(null);
  const [listOpen, setListOpen] = useState(false);

  const narrow = railFolds(options.rail, width);
  const placement = placementIn({ width, height });
  const compact = width < COMPACT_PX || height < LOW_PX;
  const view = state.view ?? options.view;
  const live = meta?.mode === 'live';
  const following = replay?.following ?? (shown.following && live);
  const selected = flow === null ? undefined : flow.nodes.list[flow.nodes.indexOf(shown.nodeId ?? '') ?? -1];
  const offsetMs = meta?.clockOffsetMs ?? 0;
  const frozenTs = meta?.connection?.heardTs ?? null;
  const clock = useMemo(() => ({ offsetMs, frozenTs }), [offsetMs, frozenTs]);
  const exportMenu = useExportMenu({
    flow,
    forest,
    failures,
    folds,
    figures,
    looks,
    direction,
    collapsed: collapsedOf(state, flow?.id ?? ''),
    view,
    nodeId: shown.nodeId,
    bridge,
    clock,
    panelId: id,
    timeRange,
    timeZone,
  });
  const allNotices = noticesOf(flow === null ? [] : notices, flow === null ? '' : failure, shown.absentId);

  const pick = (flowId: string): void => {
    dispatch({ type: 'pick', flowId });
    setListOpen(false);
  };
  const toView = (): void => {
    panel.current
      ?.querySelector<HTMLElement>(':is([data-testid="flow-node"], [data-testid="compare-row"])[tabindex="0"]')
      ?.focus({ preventScroll: true });
  };
  const toNode = useFocusNode(panel);
  const close = (): void => {
    if (flow === null || selected === undefined) return;
    dispatch({ type: 'select', flowId: flow.id, nodeId: null });
    toNode(selected.id);
  };
  const find = useFind({ flow, forest, failures, state, selectedId: shown.nodeId, clock, dispatch });
  const overlay = useOverlay();
  const room: FindRoom = compact ? 'none' : width < WIDE_PX ? 'tight' : 'wide';
  const follow = (): void => {
    if (replay !== null) replay.setFollowing(!following);
    else if (flow !== null) dispatch(following ? { type: 'stay', flowId: flow.id } : { type: 'follow' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // What stands over the page (a menu, a form) has keys of its own; its events come here, too.
    if (isTyping(event.target) || !event.currentTarget.contains(event.target as Node)) return;
    const canLeave = listOpen || selected !== undefined || replay !== null || time.other !== undefined;
    if (event.key === 'Escape' && !event.defaultPrevented && canLeave) {
      event.preventDefault();
      // Grafana leaves a panel that is alone on its page by the same key.
      event.stopPropagation();
      if (listOpen) setListOpen(false);
      else if (selected !== undefined) close();
      else time.end();
      return;
    }
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
    const opens = overlayOfKey(event.key);
    const key = flowKey(event.key);
    if (isPlain && find !== null && (opens !== null || key !== null)) {
      event.preventDefault();
      event.stopPropagation();
      if (opens !== null) overlay.open(opens);
      else if (key !== null) find.steps.take(key, nodeIdAt(event.target));
      return;
    }
    if (isPlain && time.takeKey(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const action = actionOfKey(event, { flowId: flow?.id ?? null, order: rail.order });
    if (action === null || (action.type === 'follow' && !live)) return;
    event.preventDefault();
    // Grafana has keys of its own.
    event.stopPropagation();
    dispatch(action);
  };

  const empty = (): EmptyText => {
    if (failure !== '') return { title: 'The flows could not be read', hint: failure };
    if (data.state === LoadingState.Loading && !recognized) return { title: 'Loading …', hint: '' };
    return emptyText(meta, Date.now() - offsetMs);
  };

  return (
    <PanelContexts clock={clock} looks={looks} figures={figures}>
      <div
        ref={panel}
        className={styles.panel}
        style={{ width, height }}
        onKeyDown={onKeyDown}
        data-testid="flow-panel"
        data-flow={flow?.id ?? ''}
        data-nodes={forest?.size ?? 0}
        data-seq={flow?.lastSeq ?? ''}
        data-view={view}
        data-replay={replay === null ? 'off' : replay.isPlaying ? 'playing' : 'paused'}
        data-connection={meta === null ? 'history' : connectionText(meta).state}
      >
        <PanelHeader
          meta={meta}
          flows={flows}
          flow={flow}
          bridge={bridge}
          view={view}
          onView={(next) => {
            // A view of one flow takes the place of a comparison.
            if (time.other !== undefined) time.end();
            dispatch({ type: 'view', view: next });
          }}
          following={following}
          onFollow={(live || replay !== null) && flow !== null ? follow : undefined}
          timeZone={timeZone}
          compact={compact}
          notices={allNotices}
          tools={
            find !== null && (
              <FindTools
                find={find}
                state={state}
                room={room}
                open={overlay.shown}
                summons={overlay.summons}
                dispatch={dispatch}
                onOpen={overlay.open}
                onView={toView}
              />
            )
          }
          searching={isSearching(overlay.shown, state)}
          menu={[
            ...(find === null || room === 'wide' ? [] : [findMenu(find, room === 'tight', overlay.open)]),
            treeMenu({
              direction,
              folding,
              onDirection: (next) => dispatch({ type: 'direction', direction: next }),
              onFolding: (on) => dispatch({ type: 'folding', on }),
            }),
            ...time.menu,
            ...exportMenu,
            helpMenu(overlay.open),
          ]}
          listOpen={listOpen}
          onList={narrow && flow !== null ? () => setListOpen(!listOpen) : undefined}
        />
        {!compact && <Notices notices={allNotices} />}
        {flow === null || find === null || folds === null ? (
          <EmptyState text={empty()} meta={meta} bridge={bridge} timeZone={timeZone} />
        ) : (
          <div className={styles.body} data-placement={placement}>
            {(!narrow || listOpen) && (
              <div className={styles.rail} data-overlay={narrow}>
                <FlowRail
                  flows={flows}
                  rail={rail}
                  shownId={flow.id}
                  filter={state.filter}
                  timeZone={timeZone}
                  onFilter={(status) => dispatch({ type: 'filter', status })}
                  onPick={pick}
                />
              </div>
            )}
            <Clocked
              clock={replay?.clock ?? clock}
              className={styles.main}
              isCovered={selected !== undefined && placement === 'full'}
            >
              {!compact && (
                <FlowSummary
                  flow={flow}
                  failureCount={find.failures.count}
                  showUser={narrow}
                  slow={slow}
                  totals={totals}
                />
              )}
              {!compact && (
                <FailureBar
                  forest={find.forest}
                  failures={find.failures}
                  onFirst={find.steps.toFirstFailure}
                  onNext={find.steps.toNextFailure}
                />
              )}
              {find.matches.isActive && find.matches.isDone && find.matches.count === 0 && (
                <NoMatch
                  onClear={() => {
                    dispatch({ type: 'search', text: '' });
                    dispatch({ type: 'filterNodes', filters: NO_FILTERS });
                    toView();
                  }}
                />
              )}
              <FlowViewer
                holder={panel}
                isReplay={replay !== null}
                instead={
                  time.other !== undefined && (
                    <CompareView
                      key={`${flow.id} ${state.compareId}`}
                      flow={flow}
                      forest={find.forest}
                      failures={find.failures}
                      other={time.other}
                      flows={flows}
                      selectedId={shown.nodeId}
                      compact={compact}
                      timeZone={timeZone}
                      onSelect={(nodeId) => dispatch({ type: 'select', flowId: flow.id, nodeId })}
                      onOther={time.compareWith}
                      onSwap={time.swap}
                      onClose={time.end}
                    />
                  )
                }
                view={view}
                flow={flow}
                forest={find.forest}
                failures={find.failures}
                folds={folds}
                direction={direction}
                matches={find.matches}
                selectedId={shown.nodeId}
                selections={state.selections}
                collapsed={collapsedOf(state, flow.id)}
                following={following}
                minimap={options.minimap}
                onSelect={(nodeId) => dispatch({ type: 'select', flowId: flow.id, nodeId })}
                onToggle={(nodeId) => dispatch({ type: 'toggle', flowId: flow.id, nodeId })}
                onFold={(key) => {
                  // Folded away, the selected node could not be seen.
                  if (folds.keysOver(selectedIndex).includes(key)) {
                    dispatch({ type: 'select', flowId: flow.id, nodeId: null });
                  }
                  dispatch({ type: 'fold', flowId: flow.id, key });
                }}
                onAct={() => {
                  replay?.setFollowing(false);
                  dispatch({ type: 'stay', flowId: flow.id });
                }}
              />
              {replay !== null && <ReplayBar replay={replay} widthPx={width} />}
            </Clocked>
            {selected !== undefined && (
              <ClockProvider value={replay?.clock ?? clock}>
                <NodeDetails
                  flow={flow}
                  forest={find.forest}
                  failures={find.failures}
                  node={selected}
                  history={pastOf(meta?.history, selected.checkpoint) ?? null}
                  links={nodeLinks(data.series, flow.id, selected.id, linkTools)}
                  timeZone={timeZone}
                  placement={placement}
                  room={{ width, height }}
                  hasRail={!narrow}
                  onGo={find.steps.toNode}
                  onClose={close}
                />
              </ClockProvider>
            )}
          </div>
        )}
        {overlay.shown === 'help' && <KeyHelp onClose={() => overlay.open(null)} />}
      </div>
    </PanelContexts>
  );
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

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ display: 'flex', flexDirection: 'column', overflow: 'hidden' }),
  body: css({
    position: 'relative',
    display: 'flex',
    flex: 1,
    minHeight: 0,
    "&[data-placement='sheet']": { flexDirection: 'column' },
  }),
  main: css({
    display: 'flex',
    flexDirection: 'column',
    flex: 1,
    minWidth: 0,
    minHeight: 0,
    // Out of reach, and as large as before, so that it is as it was when it comes back.
    "&[data-covered='true']": { visibility: 'hidden' },
  }),
  rail: css({
    width: 'clamp(248px, 14%, 400px)',
    flex: 'none',
    borderRight: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    "&[data-overlay='true']": {
      position: 'absolute',
      left: 0,
      top: 0,
      bottom: 0,
      zIndex: 3,
      width: 280,
      maxWidth: '90%',
      boxShadow: theme.shadows.z3,
    },
  }),
});
