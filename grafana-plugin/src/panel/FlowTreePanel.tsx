import { css } from '@emotion/css';
import { LoadingState, locationUtil, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo, useRef, useState } from 'react';
import { linksOfRow } from '../frames/links';
import { ClockOffsetProvider } from './components/clock-context';
import { EmptyState } from './components/EmptyState';
import { FlowList } from './components/FlowList';
import { FlowSummary } from './components/FlowSummary';
import { NodeDetails } from './components/NodeDetails';
import { Notices } from './components/Notices';
import { PanelHeader } from './components/PanelHeader';
import { TimelineView } from './components/TimelineView';
import { TreeView } from './components/TreeView';
import type { FlowTreeOptions } from './options';
import { createPanelDataReader } from './state/panel-data';
import { emptyText, type EmptyText } from './status-text';
import { useShownFlow } from './use-shown-flow';

/** Below this width the list of flows folds away, */
const NARROW_PX = 900;
/** and below this one details lie over the tree, and texts are short. */
const COMPACT_PX = 600;

/** Flows on the left, the tree or timeline of one of them beside it, details of a node on the right. */
export function FlowTreePanel({
  data,
  width,
  height,
  options,
  timeZone,
  replaceVariables,
}: PanelProps<FlowTreeOptions>) {
  const styles = useStyles2(getStyles);
  const reader = useMemo(() => createPanelDataReader(), []);
  const { flows, meta, notices, recognized } = useMemo(
    () =>
      reader.read(data.series, (frame, row) =>
        linksOfRow(frame, row, { replace: replaceVariables, assureBaseUrl: locationUtil.assureBaseUrl }),
      ),
    [reader, data.series, replaceVariables],
  );
  const failure = data.errors?.[0]?.message ?? data.error?.message ?? '';
  const shown = useShownFlow(flows);
  const [view, setView] = useState(options.view);
  /** The flow is part of it: node ids are only unique within one. */
  const [selection, setSelection] = useState<{ flowId: string; nodeId: string } | null>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [listOpen, setListOpen] = useState(false);
  const narrow = width < NARROW_PX;
  const compact = width < COMPACT_PX;
  const { flow } = shown;
  const selectedId = flow !== null && selection?.flowId === flow.id ? selection.nodeId : null;
  const selected = flow?.nodes.list.find((node) => node.id === selectedId);

  const pick = (flowId: string): void => {
    shown.pick(flowId);
    setListOpen(false);
  };
  const select = (nodeId: string): void => {
    if (flow === null) return;
    // Who reads about a node does not want the next flow to push it away.
    shown.stay();
    setSelection({ flowId: flow.id, nodeId });
  };
  const close = (): void => {
    setSelection(null);
    panel.current?.querySelector<HTMLElement>(`[data-testid="flow-node"][aria-selected="true"]`)?.focus();
  };

  const empty = (): EmptyText => {
    if (failure !== '') return { title: 'The flows could not be read', hint: failure };
    if (data.state === LoadingState.Loading && !recognized) return { title: 'Loading …', hint: '' };
    return emptyText(meta, Date.now() - (meta?.clockOffsetMs ?? 0));
  };

  return (
    <ClockOffsetProvider value={meta?.clockOffsetMs ?? 0}>
      <div ref={panel} className={styles.panel} style={{ width, height }}>
        <PanelHeader
          meta={meta}
          flows={flows}
          view={view}
          onView={setView}
          following={shown.following}
          onFollow={shown.following ? shown.stay : shown.follow}
          compact={compact}
          onList={narrow && flow !== null ? () => setListOpen(!listOpen) : undefined}
        />
        <Notices notices={flow === null ? [] : notices} failure={flow === null ? '' : failure} />
        {flow === null ? (
          <EmptyState text={empty()} />
        ) : (
          <div className={styles.body}>
            {(!narrow || listOpen) && (
              <div className={styles.rail} data-overlay={narrow}>
                <FlowList flows={flows} shownId={flow.id} onPick={pick} />
              </div>
            )}
            <div className={styles.main}>
              <FlowSummary flow={flow} showUser={narrow} />
              {view === 'tree' ? (
                <TreeView
                  key={flow.id}
                  flow={flow}
                  selectedId={selectedId}
                  following={shown.following}
                  onSelect={select}
                  onUserScroll={shown.stay}
                />
              ) : (
                <TimelineView key={flow.id} flow={flow} selectedId={selectedId} onSelect={select} />
              )}
            </div>
            {selected !== undefined && (
              <NodeDetails flow={flow} node={selected} timeZone={timeZone} overlay={compact} onClose={close} />
            )}
          </div>
        )}
      </div>
    </ClockOffsetProvider>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ display: 'flex', flexDirection: 'column', overflow: 'hidden' }),
  body: css({ position: 'relative', display: 'flex', flex: 1, minHeight: 0 }),
  main: css({ display: 'flex', flexDirection: 'column', flex: 1, minWidth: 0 }),
  rail: css({
    width: 224,
    flex: 'none',
    borderRight: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    "&[data-overlay='true']": {
      position: 'absolute',
      left: 0,
      top: 0,
      bottom: 0,
      zIndex: 3,
      width: 260,
      maxWidth: '90%',
      boxShadow: theme.shadows.z3,
    },
  }),
});
