import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import type { PanelNode } from '../../../frames/panel-flow';
import { useClockOffset } from '../../components/clock-context';
import { useLooks } from '../../components/looks-context';
import { useFigures } from '../../components/figures-context';
import { SlowBadge } from '../../components/SlowBadge';
import { errorLine } from '../../detail-line';
import { beginOf, endOf } from '../../layout/node-span';
import { slowColor } from '../../slow-color';
import { SLOW_SIGN, slowText } from '../../slow-text';
import { useNow } from '../../ticker';
import { useReducedMotion } from '../../use-reduced-motion';
import { placeLabel } from './bar-label';
import type { TimeScale } from './time-scale';

interface Props {
  node: PanelNode;
  /** Epoch ms. */
  flowStartedTs: number;
  scale: TimeScale;
  color: string;
  isCritical: boolean;
  isPassedOn: boolean;
}

/** A point in time is shown as wide as this, px. */
const LEAST_PX = 3;
/** A bar goes on so far beyond its cell, px: enough to show that it does. */
const BEYOND_PX = 20;

/** The bar of a node from its begin to its end, or to now, and its duration and error beside it. */
export function TimeBar(props: Props) {
  return props.node.status === 'running' ? <RunningBar {...props} /> : <Bar {...props} nowTs={0} />;
}

function RunningBar(props: Props) {
  const calm = useReducedMotion();
  const nowTs = useNow(calm ? 'calm' : 'fast') - useClockOffset();
  return <Bar {...props} nowTs={nowTs} />;
}

function Bar({ node, flowStartedTs, scale, color, isCritical, isPassedOn, nowTs }: Props & { nowTs: number }) {
  const theme = useTheme2();
  const looks = useLooks();
  const styles = useStyles2(getStyles);
  const beginTs = beginOf(node);
  const endTs = endOf(node, nowTs);
  const fromPx = scale.toPx(beginTs - flowStartedTs);
  const toPx = Math.max(fromPx + LEAST_PX, scale.toPx(endTs - flowStartedTs));
  const duration = node.status === 'lost' ? looks.noDuration : looks.duration(endTs - beginTs);
  const error = isPassedOn ? '' : errorLine(node);
  const mark = useFigures().slow.markOf(node, nowTs);
  const told = mark === null ? duration : `${duration} ${SLOW_SIGN} ${slowText(mark, looks.duration)}`;
  const label = placeLabel(fromPx, toPx, scale.cellPx, told, error);
  // Within the bar the text has the colour that can be read on it.
  const durationColor = mark === null || label.side === 'inside' ? undefined : slowColor(theme, mark.step?.color);
  const isInSight = label.side !== 'before' && label.side !== 'after';
  const left = Math.max(fromPx, -BEYOND_PX);
  const width = Math.min(toPx, scale.cellPx + BEYOND_PX) - left;
  const isLeft = label.side === 'right' || label.side === 'before';
  return (
    <>
      {isInSight && (
        <span
          className={styles.bar}
          data-testid="time-bar"
          data-critical={isCritical}
          data-status={node.status}
          data-failed={error !== ''}
          data-dims
          style={{ transform: `translateX(${left}px)`, width, background: color }}
        />
      )}
      {isInSight && isCritical && (
        <span className={styles.critical} style={{ transform: `translateX(${left}px)`, width }} />
      )}
      <span
        className={styles.label}
        data-side={label.side}
        style={{
          [isLeft ? 'left' : 'right']: label.offsetPx,
          maxWidth: label.maxPx,
          color: label.side === 'inside' ? theme.colors.getContrastText(color) : undefined,
        }}
        title={error === '' ? undefined : error}
      >
        {label.side === 'before' && '‹ '}
        <span className={styles.duration} style={{ color: durationColor }}>
          {duration}
        </span>
        {mark !== null && <SlowBadge mark={mark} plain={label.side === 'inside'} />}
        {label.side === 'after' && ' ›'}
        {error !== '' && isInSight && label.side !== 'inside' && <span className={styles.error}>{error}</span>}
      </span>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    position: 'absolute',
    left: 0,
    top: 6,
    height: 12,
    borderRadius: 2,
    "&[data-status='running']": {
      borderTopRightRadius: 0,
      borderBottomRightRadius: 0,
      maskImage: 'linear-gradient(to right, black calc(100% - min(40px, 60%)), transparent)',
    },
    "&[data-status='aborted'], &[data-status='timed_out'], &[data-status='lost']": {
      opacity: 0.7,
      borderRight: `2px dashed ${theme.colors.text.primary}`,
    },
    "&[data-failed='true']": { borderRight: `3px solid ${theme.colors.error.main}` },
  }),
  critical: css({ position: 'absolute', left: 0, top: 20, height: 2, background: theme.colors.text.primary }),
  label: css({
    position: 'absolute',
    top: 0,
    display: 'flex',
    alignItems: 'center',
    gap: 6,
    height: 24,
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    fontSize: 11,
    color: theme.colors.text.secondary,
    pointerEvents: 'none',
  }),
  duration: css({ flex: 'none', fontFamily: theme.typography.fontFamilyMonospace }),
  error: css({ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', color: theme.colors.error.text }),
});
