import { css } from '@emotion/css';
import { LoadingState, type GrafanaTheme2, type PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useRef } from 'react';
import { pastOf } from '../frames/history';
import { t } from '../texts/t';
import { ClockProvider } from './components/clock-context';
import { EmptyState } from './components/EmptyState';
import { PanelContexts } from './components/PanelContexts';
import { NodeDetails } from './details/NodeDetails';
import { FindTools, isSearching } from './find/FindTools';
import { useOverlay } from './find/use-overlay';
import { FlowStage } from './FlowStage';
import { Notices } from './header/Notices';
import { PanelHeader } from './header/PanelHeader';
import { KeyHelp } from './help/KeyHelp';
import type { FlowTreeOptions } from './options';
import { panelKeys } from './panel-keys';
import { panelRoom } from './panel-room';
import { FlowRail } from './rail/FlowRail';
import { connectionText, emptyText, type EmptyText } from './status-text';
import { useOwnTransitions } from './use-own-transitions';
import { usePanelActs } from './use-panel-acts';
import { usePanelMenu } from './use-panel-menu';
import { usePanelModel, type PanelModel } from './use-panel-model';

/** Flows on the left, one of them in a view beside it, details of a node on the right. */
export function FlowTreePanel(props: PanelProps<FlowTreeOptions>) {
  const { data, width, height, options, timeZone } = props;
  const styles = useStyles2(getStyles);
  const panel = useRef<HTMLDivElement>(null);
  const model = usePanelModel(props);
  useOwnTransitions(panel);
  const acts = usePanelActs(model, panel);
  const overlay = useOverlay();
  const room = panelRoom(width, height, options.rail);
  const menu = usePanelMenu(model, room, overlay, props);
  const { flows, flow, meta, bridge, state, dispatch, find, folds, forest, replay, selected } = model;
  const { compact, narrow, placement } = room;
  return (
    <PanelContexts clock={model.clock} looks={model.looks} figures={model.figures}>
      <div
        ref={panel}
        className={styles.panel}
        style={{ width, height }}
        // A click on empty ground takes the focus, so that the keys work.
        tabIndex={-1}
        onKeyDown={panelKeys(model, acts, overlay)}
        data-testid="flow-panel"
        data-flow={flow?.id ?? ''}
        data-nodes={forest?.size ?? 0}
        data-seq={flow?.lastSeq ?? ''}
        data-view={model.view}
        data-replay={replay === null ? 'off' : replay.isPlaying ? 'playing' : 'paused'}
        data-connection={meta === null ? 'history' : connectionText(meta).state}
        data-over-http={meta?.connection?.overHttp ?? ''}
      >
        <PanelHeader
          meta={meta}
          flows={flows}
          flow={flow}
          flowClock={replay?.clock ?? model.clock}
          bridge={bridge}
          view={model.view}
          onView={acts.show}
          following={model.following}
          onFollow={acts.follow}
          timeZone={timeZone}
          compact={compact}
          notices={model.notices}
          tools={
            find !== null && (
              <FindTools
                find={find}
                state={state}
                room={room.find}
                open={overlay.shown}
                summons={overlay.summons}
                dispatch={dispatch}
                onOpen={overlay.open}
                onView={acts.toView}
              />
            )
          }
          searching={isSearching(overlay.shown, state)}
          menu={menu}
          listOpen={acts.listOpen}
          onList={narrow && flow !== null ? () => acts.setListOpen(!acts.listOpen) : undefined}
        />
        {!compact && <Notices notices={model.notices} />}
        {flow === null || find === null || folds === null ? (
          <EmptyState text={emptyTextOf(model, data.state)} meta={meta} bridge={bridge} timeZone={timeZone} />
        ) : (
          <div className={styles.body} data-placement={placement}>
            {(!narrow || acts.listOpen) && (
              <div className={styles.rail} data-overlay={narrow}>
                <FlowRail
                  flows={flows}
                  rail={model.rail}
                  shownId={flow.id}
                  filter={state.filter}
                  timeZone={timeZone}
                  onFilter={(status) => dispatch({ type: 'filter', status })}
                  onPick={acts.pick}
                />
              </div>
            )}
            <FlowStage
              model={{ ...model, flow, find, folds }}
              acts={acts}
              room={room}
              holder={panel}
              minimap={options.minimap}
              timeZone={timeZone}
              className={styles.main}
            />
            {selected !== undefined && (
              <ClockProvider value={replay?.clock ?? model.clock}>
                <NodeDetails
                  flow={flow}
                  forest={find.forest}
                  failures={find.failures}
                  node={selected}
                  history={pastOf(meta?.history, selected.checkpoint) ?? null}
                  links={model.linksOfNode(flow.id, selected.id)}
                  timeZone={timeZone}
                  placement={placement}
                  room={{ width, height }}
                  hasRail={!narrow}
                  isAsked={state.selections > 0}
                  onGo={find.steps.toNode}
                  onClose={acts.close}
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

/** Why there is no flow. */
function emptyTextOf({ failure, recognized, meta, clock }: PanelModel, state: LoadingState): EmptyText {
  if (failure !== '') return { title: t('empty.unread'), hint: failure };
  if (state === LoadingState.Loading && !recognized) return { title: t('empty.loading'), hint: '' };
  return emptyText(meta, Date.now() - clock.offsetMs);
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    display: 'flex',
    flexDirection: 'column',
    overflow: 'hidden',
    outline: 'none',
    // Grafana's own is `box-sizing: inherit` for every element. An inherited property that is not passed on by itself makes
    // the browser style all of an element's descendants anew whenever the element changes: 14 ms a batch of rows, now 2.
    '& *, & *::before, & *::after': { boxSizing: 'border-box' },
  }),
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
