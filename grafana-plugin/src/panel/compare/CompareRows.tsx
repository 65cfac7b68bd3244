import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { t } from '../../texts/t';
import type { Failures } from '../layout/failures';
import { getRowStyles } from '../views/rows/row-styles';
import { ROW_PX, useRowWindow } from '../views/rows/use-row-window';
import { axisTicks } from '../views/timeline/time-axis';
import { createTimeScale } from '../views/timeline/time-scale';
import { TimeGrid } from '../views/timeline/TimeGrid';
import { compareColumns } from './compare-columns';
import { CompareRow } from './CompareRow';
import { rowStep } from './row-step';
import { useCommonTime } from './use-common-time';
import { useComparison, type Side } from './use-comparison';

interface Props {
  readonly own: Side;
  readonly other: Side;
  /** Of this flow and of the other. */
  readonly failures: readonly [Failures, Failures];
  readonly selectedId: string | null;
  readonly onlyDifferent: boolean;
  /** The first row takes the focus from what holds the rows. */
  readonly takesFocus: boolean;
  readonly onDifferences: (count: number) => void;
  readonly onSelect: (nodeId: string) => void;
}

const AXIS_PX = 24;
const TICK_EVERY_PX = 110;
/** Room on the right of the last tick's line, px. */
const TICK_TEXT_PX = 48;

/** A row a checkpoint, with its bars of both flows on one axis of time. */
export function CompareRows(props: Props) {
  const { own, other, failures, selectedId, onlyDifferent, onDifferences, onSelect } = props;
  const rowStyles = useStyles2(getRowStyles);
  const styles = useStyles2(getStyles);
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const rowWindow = useRowWindow(scroller, AXIS_PX);
  const comparison = useComparison(own, other);
  const rows = onlyDifferent ? comparison.differentRows : comparison.rows;
  const [activeRow, setActiveRow] = useState(0);
  const active = Math.min(activeRow, Math.max(0, rows.length - 1));
  const focusWanted = useRef(false);
  const enters = useRef(props.takesFocus);
  const { fromMs, toMs, nowTs } = useCommonTime(own.flow, other.flow);
  const columns = useMemo(() => compareColumns(rowWindow.widthPx), [rowWindow.widthPx]);
  const scale = useMemo(() => createTimeScale({ fromMs, toMs }, columns.trackPx), [fromMs, toMs, columns]);
  const ticks = useMemo(() => axisTicks(scale.window, scale.trackPx / TICK_EVERY_PX), [scale]);

  const { differences } = comparison;
  useLayoutEffect(() => onDifferences(differences), [differences, onDifferences]);
  const { reveal } = rowWindow;
  useLayoutEffect(() => {
    if (!focusWanted.current) return;
    focusWanted.current = false;
    reveal(active);
    grid.current?.querySelector<HTMLElement>('[data-row][tabindex="0"]')?.focus({ preventScroll: true });
  });

  // The rows come after the width is known.
  useLayoutEffect(() => {
    const row = enters.current ? grid.current?.querySelector<HTMLElement>('[data-row][tabindex="0"]') : null;
    if (row === null || row === undefined) return;
    enters.current = false;
    // Meanwhile a person may have gone to the header.
    if (document.activeElement?.contains(row) === true) row.focus({ preventScroll: true });
  });

  const select = (row: number): void => {
    const node = own.flow.nodes.list[rows[row]?.own ?? -1];
    if (node !== undefined) onSelect(node.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = rowStep(event.key, active, rows.length, rowWindow.pageRows);
    if (to !== null) {
      setActiveRow(to);
      focusWanted.current = true;
    } else if (event.key === 'Enter' || event.key === ' ') select(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset['row'];
    if (row === undefined) return;
    setActiveRow(Number(row));
    select(Number(row));
  };

  const shown: number[] = [];
  const last = Math.min(rowWindow.last, rows.length);
  for (let row = rowWindow.first; row < last; row++) shown.push(row);
  // The tab stop stays where it is though it is scrolled out of sight.
  if (active < rowWindow.first) shown.unshift(active);
  else if (active >= last && rows.length > 0) shown.push(active);

  return (
    <div ref={scroller} className={rowStyles.scroller}>
      <div className={styles.axis} aria-hidden="true">
        <span className={styles.ticks} style={{ left: columns.labelPx, width: columns.trackPx }}>
          {ticks
            .filter(({ atMs }) => scale.toPx(atMs) < scale.trackPx - TICK_TEXT_PX)
            .map(({ atMs, text }) => (
              <span key={text} className={styles.tick} style={{ left: scale.toPx(atMs) + 4 }}>
                {text}
              </span>
            ))}
        </span>
      </div>
      {rows.length === 0 && (
        <p className={styles.nothing}>{onlyDifferent ? t('compare.no-difference') : t('compare.no-checkpoint')}</p>
      )}
      <div
        ref={grid}
        className={styles.rows}
        style={{ height: rows.length * ROW_PX }}
        role="grid"
        aria-label={t('compare.grid')}
        aria-rowcount={rows.length}
        data-testid="compare-rows"
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        <TimeGrid scale={scale} labelPx={columns.labelPx} ticks={ticks} queuedMs={0} />
        {rowWindow.widthPx > 0 &&
          shown.map((row) => {
            const match = rows[row];
            if (match === undefined) return null;
            const ownNode = own.flow.nodes.list[match.own];
            const otherNode = other.flow.nodes.list[match.other];
            const runs = ownNode?.status === 'running' || otherNode?.status === 'running';
            return (
              <CompareRow
                key={`${match.own} ${match.other}`}
                own={ownNode}
                other={otherNode}
                row={row}
                depth={match.depth}
                isSelected={selectedId !== null && ownNode?.id === selectedId}
                isActive={row === active}
                isPassedOn={ownNode === undefined ? failures[1].passedOn(match.other) : failures[0].passedOn(match.own)}
                ownStartedTs={own.flow.startedTs}
                otherStartedTs={other.flow.startedTs}
                scale={scale}
                columns={columns}
                nowTs={runs ? nowTs : 0}
              />
            );
          })}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  nothing: css({ margin: 0, padding: theme.spacing(2), color: theme.colors.text.secondary }),
  axis: css({
    position: 'sticky',
    top: 0,
    zIndex: 2,
    height: AXIS_PX,
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  ticks: css({ position: 'absolute', top: 0, bottom: 0, overflow: 'hidden' }),
  tick: css({
    position: 'absolute',
    top: 4,
    whiteSpace: 'nowrap',
    fontSize: 11,
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
  }),
  rows: css({ position: 'relative' }),
});
