import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { memo, type KeyboardEvent } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { statusColor } from '../colors';
import { flowStatusText, plural } from '../format';
import { Elapsed } from './Elapsed';

interface Props {
  flows: readonly PanelFlow[];
  shownId: string | null;
  onPick: (flowId: string) => void;
}

/** The arrow keys move from flow to flow. */
function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  const step =
    event.key === 'ArrowDown' ? 'nextElementSibling' : event.key === 'ArrowUp' ? 'previousElementSibling' : null;
  if (step === null || document.activeElement === null) return;
  const next = document.activeElement.closest('li')?.[step]?.querySelector('button');
  if (next === null || next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** All flows, newest first. */
export function FlowList({ flows, shownId, onPick }: Props) {
  const styles = useStyles2(getStyles);
  return (
    // The list itself is not focusable: its buttons are.
    <ul className={styles.list} aria-label="Flows" onKeyDown={onKeyDown}>
      {flows.map((flow) => (
        <li key={flow.id}>
          <FlowListItem flow={flow} shown={flow.id === shownId} onPick={onPick} />
        </li>
      ))}
    </ul>
  );
}

const FlowListItem = memo(function FlowListItem(props: { flow: PanelFlow; shown: boolean; onPick: Props['onPick'] }) {
  const { flow, shown, onPick } = props;
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const status = flowStatusText(flow.status);
  return (
    <button
      type="button"
      className={styles.item}
      aria-current={shown}
      data-testid="flow-list-item"
      data-flow-id={flow.id}
      data-status={flow.status}
      onClick={() => onPick(flow.id)}
    >
      <span
        className={styles.dot}
        data-running={flow.status === 'running'}
        style={{ background: statusColor(theme, flow.status) }}
      />
      <span className={styles.text}>
        <span className={styles.name}>{flow.name || 'Unnamed flow'}</span>
        <span className={styles.sub}>
          {flow.userId === null ? 'no user yet' : `user ${flow.userId}`} · {status}
        </span>
      </span>
      <span className={styles.numbers}>
        {flow.status === 'running' || flow.durationMs !== null ? (
          <Elapsed startedTs={flow.startedTs} durationMs={flow.durationMs} />
        ) : (
          '–'
        )}
        <span className={styles.sub} aria-label={plural(flow.checkpointCount, 'checkpoint')}>
          {flow.checkpointCount} ✓
        </span>
      </span>
    </button>
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0, padding: 0, height: '100%', overflowY: 'auto' }),
  item: css({
    display: 'flex',
    gap: theme.spacing(1),
    width: '100%',
    padding: theme.spacing(0.75, 1.25),
    textAlign: 'left',
    color: theme.colors.text.primary,
    background: 'transparent',
    border: 'none',
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    lineHeight: 1.35,
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
    "&[aria-current='true']": {
      background: theme.colors.action.selected,
      boxShadow: `inset 2px 0 ${theme.colors.primary.main}`,
    },
  }),
  dot: css({ width: 8, height: 8, marginTop: 5, borderRadius: theme.shape.radius.circle, flex: 'none' }),
  text: css({ display: 'flex', flexDirection: 'column', minWidth: 0, flex: 1 }),
  name: css({
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  sub: css({
    fontSize: 11,
    color: theme.colors.text.secondary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  numbers: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-end',
    flex: 'none',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
  }),
});
