import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo, useRef } from 'react';
import type { PanelFlow } from '../../../frames/panel-flow';
import { t } from '../../../texts/t';
import { useClockOffset } from '../../components/clock-context';
import { useFigures } from '../../components/figures-context';
import { extentOf } from '../../layout/flow-extent';
import { useNow } from '../../ticker';
import { getRowStyles } from '../rows/row-styles';
import { usePersonScroll } from '../rows/use-person-scroll';
import { useRowGrid } from '../rows/use-row-grid';
import { ROW_PX, useRowWindow } from '../rows/use-row-window';
import type { ViewProps } from '../view-props';
import { outlineColumns, type OutlineColumns } from './outline-columns';
import { OutlineRow } from './OutlineRow';

const HEADER_PX = 24;
const COLUMNS: readonly (keyof OutlineColumns)[] = [
  'name',
  'status',
  'started',
  'tokens',
  'cost',
  'slow',
  'duration',
  'share',
];

/** How long the flow took; how long it has run moves once a second, since every share hangs on it. */
function useFlowMs(flow: PanelFlow): number {
  const { toMs, isRunning } = useMemo(() => extentOf(flow), [flow]);
  const nowTs = useNow(isRunning ? 'calm' : 'idle') - useClockOffset();
  return Math.max(1, isRunning ? nowTs - flow.startedTs : toMs);
}

/** One row a node, indented below its parent, with what is known of it in columns. */
export function OutlineView(props: ViewProps) {
  const { flow } = props;
  const rowStyles = useStyles2(getRowStyles);
  const styles = useStyles2(getStyles);
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const rowWindow = useRowWindow(scroller, HEADER_PX);
  const { rows, places, onClick, onKeyDown } = useRowGrid(props, rowWindow, grid);
  usePersonScroll(scroller, props.onAct);
  const { hasTokens, hasCost } = useFigures();
  const columns = useMemo(
    () => outlineColumns(rowWindow.widthPx, { hasTokens, hasCost }),
    [rowWindow.widthPx, hasTokens, hasCost],
  );
  const flowMs = useFlowMs(flow);
  const shown = COLUMNS.filter((column) => columns[column] > 0);

  return (
    <div ref={scroller} className={rowStyles.scroller} data-testid="flow-tree">
      <div
        role="treegrid"
        aria-label={t('views.outline')}
        aria-rowcount={rows.size + 1}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        <div role="row" aria-rowindex={1} className={styles.header}>
          {shown.map((column) => (
            <span
              key={column}
              role="columnheader"
              className={styles.heading}
              data-column={column}
              style={{ width: columns[column] }}
            >
              {t(`views.columns.${column}`)}
            </span>
          ))}
        </div>
        <div ref={grid} role="rowgroup" className={styles.rows} style={{ height: rows.size * ROW_PX }}>
          {rowWindow.widthPx > 0 &&
            places.map((place) => (
              <OutlineRow
                key={place.slot}
                {...place}
                flowStartedTs={flow.startedTs}
                flowMs={flowMs}
                columns={columns}
              />
            ))}
        </div>
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    position: 'sticky',
    top: 0,
    zIndex: 2,
    display: 'flex',
    alignItems: 'center',
    height: HEADER_PX,
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    fontSize: 11,
    color: theme.colors.text.secondary,
  }),
  heading: css({
    flex: 'none',
    paddingRight: 8,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    "&[data-column='name']": { paddingLeft: 8 },
    "&[data-column='share']": { paddingLeft: 8 },
    "&[data-column='started'], &[data-column='duration'], &[data-column='tokens'], &[data-column='slow'], &[data-column='cost']":
      { textAlign: 'right' },
  }),
  rows: css({ position: 'relative' }),
});
