import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { Age } from '../components/Age';
import { Elapsed } from '../components/Elapsed';
import { StatusIcon } from '../components/StatusIcon';
import { flowLine } from './flow-line';
import { FLOW_ROW } from './rail-rows';
import { splitName } from './split-name';

interface Props {
  /** Of the element: the list names it as its active one. */
  id: string;
  flow: PanelFlow;
  top: number;
  position: number;
  count: number;
  shown: boolean;
  showUser: boolean;
  showService: boolean;
  timeZone: string;
  onPick: (flowId: string) => void;
}

/** One flow: how it stands in shape and words, what it does, how long it took and how long ago. */
export const FlowRow = memo(function FlowRow(props: Props) {
  const { id, flow, top, position, count, shown, showUser, showService, timeZone, onPick } = props;
  const styles = useStyles2(getStyles);
  const name = flow.name || t('common.unnamed-flow');
  const { head, tail } = splitName(name);
  const line = flowLine(flow, { users: showUser, services: showService });
  return (
    <div
      id={id}
      role="option"
      className={styles.row}
      style={{ top }}
      aria-selected={shown}
      aria-posinset={position}
      aria-setsize={count}
      data-testid="flow-list-item"
      data-flow-id={flow.id}
      data-status={flow.status}
      onClick={() => onPick(flow.id)}
    >
      <StatusIcon status={flow.status} />
      <span className={styles.line} title={name}>
        <span className={styles.name}>
          <span className={styles.head}>{head}</span>
          <span className={styles.tail}>{tail}</span>
        </span>
        {flow.status === 'running' || flow.durationMs !== null ? (
          <Elapsed className={styles.number} startedTs={flow.startedTs} durationMs={flow.durationMs} />
        ) : (
          <span className={styles.number}>–</span>
        )}
      </span>
      <span className={styles.line}>
        <span className={styles.sub} data-status={flow.status} title={line}>
          {line}
        </span>
        {flow.status === 'running' ? (
          <span className={styles.age}>{t('rail.now')}</span>
        ) : (
          <Age className={styles.age} ts={flow.startedTs + (flow.durationMs ?? 0)} timeZone={timeZone} />
        )}
      </span>
    </div>
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({
    position: 'absolute',
    left: 0,
    right: 0,
    height: FLOW_ROW,
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    gridTemplateRows: '20px 18px',
    alignContent: 'center',
    columnGap: theme.spacing(1),
    padding: theme.spacing(0, 1.25),
    cursor: 'pointer',
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '& > svg': { gridRow: '1 / 3', alignSelf: 'start', marginTop: 2 },
    // Fainter than Grafana's, on which grey and red text would lack contrast.
    '&:hover': { background: theme.colors.emphasize(theme.colors.background.primary, 0.03) },
    "&[aria-selected='true']": {
      background: theme.colors.emphasize(theme.colors.background.primary, 0.05),
      boxShadow: `inset 2px 0 ${theme.colors.primary.main}`,
    },
  }),
  line: css({ gridColumn: 2, display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0 }),
  name: css({
    display: 'flex',
    flex: 1,
    minWidth: 0,
    whiteSpace: 'pre',
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  head: css({ flex: '0 1 auto', minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' }),
  // Cut, too, but only when nothing of the head is left.
  tail: css({ flex: '0 0.001 auto', minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' }),
  sub: css({
    flex: 1,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontSize: 11,
    color: theme.colors.text.secondary,
    "&[data-status='error']": { color: theme.colors.error.text },
  }),
  number: css({
    flex: 'none',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
    fontVariantNumeric: 'tabular-nums',
  }),
  age: css({ flex: 'none', fontSize: 11, color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
});
