import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { memo } from 'react';
import { useClockOffset } from '../../components/clock-context';
import { checkpointColor } from '../../colors';
import { errorLine } from '../../detail-line';
import { flowStatusText, formatDuration } from '../../format';
import { beginOf, endOf } from '../../layout/node-span';
import { useNow } from '../../ticker';
import { useReducedMotion } from '../../use-reduced-motion';
import { RowLabel } from '../rows/RowLabel';
import { rowAttributes, type RowPlace } from '../rows/row-place';
import { getRowStyles } from '../rows/row-styles';
import { ROW_PX } from '../rows/use-row-window';
import type { OutlineColumns } from './outline-columns';

interface Props extends RowPlace {
  flowStartedTs: number;
  /** Null while the flow runs: its length is then the time since its start. */
  flowMs: number | null;
  columns: OutlineColumns;
}

interface Measured {
  readonly duration: string;
  /** Of the flow's time, 0–1. */
  readonly share: number;
}

function useMeasured({ node, flowStartedTs, flowMs }: Props): Measured {
  const calm = useReducedMotion();
  const pace = node.status === 'running' ? (calm ? 'calm' : 'fast') : flowMs === null ? 'calm' : 'idle';
  const nowTs = useNow(pace) - useClockOffset();
  const ms = endOf(node, nowTs) - beginOf(node);
  const share = ms / Math.max(1, flowMs ?? nowTs - flowStartedTs);
  return { duration: node.status === 'lost' ? '–' : formatDuration(ms), share: Math.min(1, Math.max(0, share)) };
}

/** One node: its name, status in words, when it began, how long it took, and its share of the flow. */
export const OutlineRow = memo(function OutlineRow(props: Props) {
  const { flowStartedTs, flowMs: _, columns, ...place } = props;
  const { node } = place;
  const theme = useTheme2();
  const rowStyles = useStyles2(getRowStyles);
  const styles = useStyles2(getStyles);
  const color = checkpointColor(theme, node.checkpoint);
  const { duration, share } = useMeasured(props);
  const error = place.isPassedOn ? '' : errorLine(node);
  const status = place.isPassedOn ? 'error below' : flowStatusText(node.status);
  const offsetMs = beginOf(node) - flowStartedTs;
  return (
    <div {...rowAttributes(place, 1)} className={rowStyles.row} style={{ top: place.row * ROW_PX }}>
      <RowLabel {...place} widthPx={columns.name} color={color} />
      {columns.status > 0 && (
        <span
          role="gridcell"
          className={styles.status}
          data-failed={error !== ''}
          style={{ width: columns.status }}
          title={error === '' ? undefined : error}
        >
          {error === '' ? status : `${status} · ${error}`}
        </span>
      )}
      {columns.started > 0 && (
        <span role="gridcell" className={styles.number} style={{ width: columns.started }}>
          {offsetMs < 0 ? `−${formatDuration(-offsetMs)}` : `+${formatDuration(offsetMs)}`}
        </span>
      )}
      <span role="gridcell" className={styles.duration} style={{ width: columns.duration }}>
        {duration}
      </span>
      {columns.share > 0 && (
        <span role="gridcell" className={styles.share} style={{ width: columns.share }}>
          <span className={styles.trough}>
            <span className={styles.part} style={{ width: `${share * 100}%`, background: color }} />
          </span>
          <span className={styles.percent}>{share >= 0.005 ? `${Math.round(share * 100)} %` : '<1 %'}</span>
        </span>
      )}
    </div>
  );
});

const getStyles = (theme: GrafanaTheme2) => {
  const number = {
    flex: 'none',
    paddingRight: 8,
    textAlign: 'right',
    whiteSpace: 'nowrap',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
  } as const;
  return {
    status: css({
      flex: 'none',
      paddingRight: 8,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      fontSize: 11,
      color: theme.colors.text.secondary,
      "&[data-failed='true']": { color: theme.colors.error.text },
    }),
    number: css({ ...number, color: theme.colors.text.secondary }),
    duration: css({ ...number, color: theme.colors.text.primary }),
    share: css({ display: 'flex', flex: 'none', alignItems: 'center', gap: 6, padding: '0 8px' }),
    trough: css({
      flex: 1,
      height: 6,
      borderRadius: 3,
      overflow: 'hidden',
      background: theme.colors.background.secondary,
    }),
    part: css({ display: 'block', minWidth: 1, height: '100%', borderRadius: 3 }),
    percent: css({
      flex: 'none',
      width: 34,
      textAlign: 'right',
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: 10.5,
      color: theme.colors.text.secondary,
    }),
  };
};
