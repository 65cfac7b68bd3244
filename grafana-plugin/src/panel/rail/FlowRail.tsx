import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useId, useMemo, useRef, type KeyboardEvent } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import type { StatusFilter } from '../state/panel-state';
import { distinctionsOf } from './flow-line';
import { FlowRow } from './FlowRow';
import { railTarget } from './rail-keys';
import { rowsWithin, SESSION_ROW, type Rail } from './rail-rows';
import { StatusChips } from './StatusChips';
import { useKeptInView } from './use-kept-in-view';
import { useWindow } from './use-window';

interface Props {
  flows: readonly PanelFlow[];
  rail: Rail;
  shownId: string | null;
  filter: StatusFilter;
  timeZone: string;
  onFilter: (filter: StatusFilter) => void;
  onPick: (flowId: string) => void;
}

/** All flows by session, newest first; one tab stop, in which the arrow keys pick. */
export function FlowRail({ flows, rail, shownId, filter, timeZone, onFilter, onPick }: Props) {
  const styles = useStyles2(getStyles);
  const scroller = useRef<HTMLDivElement>(null);
  const idPrefix = useId();
  const { from, to } = useWindow(scroller);
  const shownRow = useMemo(() => rail.rows.find((row) => row.key === shownId), [rail, shownId]);
  useKeptInView(scroller, shownRow);
  const { users, services } = useMemo(() => distinctionsOf(flows), [flows]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const next = railTarget(event.key, rail.order, shownId);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    onPick(next);
  };

  const visible = rowsWithin(rail, from, to);
  // Named only while it is drawn.
  const active = visible.some((row) => row === shownRow) ? `${idPrefix}${shownId}` : undefined;
  return (
    <div className={styles.rail}>
      <StatusChips counts={rail.counts} filter={filter} onFilter={onFilter} />
      {rail.order.length === 0 && <p className={styles.nothing}>{t(`rail.nothing.${filter}`)}</p>}
      <div
        ref={scroller}
        className={styles.list}
        role="listbox"
        aria-label={t('rail.list')}
        aria-activedescendant={active}
        tabIndex={0}
        data-testid="flow-rail"
        onKeyDown={onKeyDown}
      >
        <div className={styles.rows} style={{ height: rail.height }} role="presentation">
          {visible.map((row) =>
            row.kind === 'session' ? (
              <div
                key={row.key}
                className={styles.session}
                style={{ top: row.top }}
                title={row.name}
                role="presentation"
              >
                <span className={styles.sessionName}>{row.name}</span> · {row.count}
              </div>
            ) : (
              <FlowRow
                key={row.key}
                id={`${idPrefix}${row.key}`}
                flow={row.flow}
                top={row.top}
                position={row.position}
                count={rail.order.length}
                shown={row === shownRow}
                showUser={users}
                showService={services}
                timeZone={timeZone}
                onPick={onPick}
              />
            ),
          )}
        </div>
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  rail: css({ display: 'flex', flexDirection: 'column', height: '100%' }),
  list: css({
    flex: 1,
    minHeight: 0,
    overflowX: 'hidden',
    overflowY: 'auto',
    // The rows lie below the outline.
    isolation: 'isolate',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
  rows: css({ position: 'relative', zIndex: -1 }),
  session: css({
    position: 'absolute',
    left: 0,
    right: 0,
    display: 'flex',
    gap: '0.5ch',
    height: SESSION_ROW,
    padding: theme.spacing(0, 1.25),
    alignItems: 'center',
    whiteSpace: 'nowrap',
    fontSize: 11,
    color: theme.colors.text.secondary,
    background: theme.colors.background.secondary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  sessionName: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  nothing: css({ margin: 0, padding: theme.spacing(1, 1.25), fontSize: 12, color: theme.colors.text.secondary }),
});
