import { css } from '@emotion/css';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { PanelFlow } from '../../../frames/panel-flow';
import { t } from '../../../texts/t';
import { criticalPath } from '../../layout/critical-path';
import { NONE, type Forest } from '../../layout/forest';
import { useNow } from '../../ticker';
import { getRowStyles } from '../rows/row-styles';
import { usePersonScroll } from '../rows/use-person-scroll';
import { useRowGrid } from '../rows/use-row-grid';
import { ROW_PX, useRowWindow } from '../rows/use-row-window';
import type { ViewProps } from '../view-props';
import { Overview } from './Overview';
import { axisTicks } from './time-axis';
import { TimeGrid } from './TimeGrid';
import { AXIS_PX, TimeHeader } from './TimeHeader';
import { TimelineRow } from './TimelineRow';
import { useTimeRange } from './time-range';
import { createTimeScale } from './time-scale';
import type { TimeWindow } from './time-window';
import { useWheelZoom, useZoom } from './use-zoom';

const OVERVIEW_PX = 36;
const OVERVIEW_TOP_PX = 6;
/** A lower view has no overview. */
const OVERVIEW_FROM_PX = 320;
const TICK_EVERY_PX = 100;
/** Room at the right for durations; none where it is narrow. */
const LABEL_ROOM_PX = 64;
const ROOM_FROM_PX = 480;
const RIGHT_PX = 8;
const LABEL_SHARE = 0.3;
const LABEL_PX = { least: 132, most: 320 };
const NOTHING: ReadonlySet<number> = new Set();

/** While the flow runs it is looked for once a second: at each event it would flicker between steps that run at once. */
function useCriticalPath(flow: PanelFlow, forest: Forest, isShown: boolean, isRunning: boolean): ReadonlySet<number> {
  const second = useNow(isRunning && isShown ? 'calm' : 'idle');
  const change = isRunning ? second : flow;
  return useMemo(() => (isShown ? criticalPath(forest) : NOTHING), [forest, isShown, change]);
}

/** One row a node, indented below its parent, with a bar from its begin to its end. */
export function TimelineView(props: ViewProps) {
  const { flow, forest, folds, onAct } = props;
  const rowStyles = useStyles2(getRowStyles);
  const styles = useStyles2(getStyles);
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [showsCritical, setShowsCritical] = useState(true);

  // The header's height follows from the view's, which the window of rows measures below it.
  const [isTall, setIsTall] = useState(false);
  const headerPx = AXIS_PX + (isTall ? OVERVIEW_TOP_PX + OVERVIEW_PX : 0);
  const rowWindow = useRowWindow(scroller, headerPx);
  if (rowWindow.heightPx >= OVERVIEW_FROM_PX !== isTall) setIsTall(!isTall);
  const { rows, places, onClick, onKeyDown } = useRowGrid(props, rowWindow, grid);
  usePersonScroll(scroller, onAct);

  const { full, queuedMs, isRunning } = useTimeRange(flow);
  const { window, zoom } = useZoom(full, onAct);
  const labelPx = Math.min(LABEL_PX.most, Math.max(LABEL_PX.least, Math.round(rowWindow.widthPx * LABEL_SHARE)));
  const cellPx = Math.max(0, rowWindow.widthPx - labelPx - RIGHT_PX);
  const trackPx = rowWindow.widthPx < ROOM_FROM_PX ? cellPx : cellPx - LABEL_ROOM_PX;
  const { fromMs, toMs } = window;
  const scale = useMemo(
    () => createTimeScale(fromMs === full.fromMs && toMs === full.toMs ? full : { fromMs, toMs }, trackPx, cellPx),
    [full, fromMs, toMs, trackPx, cellPx],
  );
  const ticks = useMemo(
    () => axisTicks({ fromMs: scale.window.fromMs, toMs: scale.toMs(cellPx) }, cellPx / TICK_EVERY_PX),
    [scale, cellPx],
  );
  useWheelZoom(scroller, scale, labelPx, full, zoom);
  const critical = useCriticalPath(flow, forest, showsCritical, isRunning);

  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || scale.window === full) return;
    event.stopPropagation();
    zoom(null);
  };
  const brushed = (next: TimeWindow | null): void => {
    zoom(next);
    // Where the pointer was nothing takes the focus; Escape is to find the view.
    grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  };

  return (
    <div ref={scroller} className={rowStyles.scroller} data-testid="flow-tree" onKeyDown={pressed}>
      <TimeHeader
        overview={
          isTall ? (
            <Overview
              flow={flow}
              forest={forest}
              matches={props.matches}
              full={full}
              window={scale.window}
              isRunning={isRunning}
              trackPx={trackPx}
              heightPx={OVERVIEW_PX}
              onBrush={brushed}
            />
          ) : null
        }
        heightPx={headerPx}
        labelPx={labelPx}
        scale={scale}
        full={full}
        ticks={ticks}
        queuedMs={queuedMs}
        isZoomed={scale.window !== full}
        showsCritical={showsCritical}
        onCritical={setShowsCritical}
        onZoom={brushed}
      />
      <div
        ref={grid}
        className={styles.rows}
        style={{ height: rows.size * ROW_PX }}
        role="treegrid"
        aria-label={t('views.timeline')}
        aria-rowcount={rows.size}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        <TimeGrid scale={scale} labelPx={labelPx} ticks={ticks} queuedMs={queuedMs} />
        {trackPx > 0 &&
          places.map((place) => {
            const index = forest.nodes.indexOf(place.node.id) ?? NONE;
            return (
              <TimelineRow
                key={place.slot}
                {...place}
                flowStartedTs={flow.startedTs}
                scale={scale}
                labelPx={labelPx}
                critical={critical}
                index={index}
                folded={folds.closedAt(index)}
                nodes={flow.nodes}
              />
            );
          })}
      </div>
    </div>
  );
}

const getStyles = () => ({
  rows: css({ position: 'relative' }),
});
