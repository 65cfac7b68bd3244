import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { t } from '../../../texts/t';
import { useLooks } from '../../components/looks-context';
import type { Tick } from './time-axis';
import type { TimeScale } from './time-scale';
import type { TimeWindow } from './time-window';
import { useBrush } from './use-brush';

export const AXIS_PX = 24;
/** A tick nearer than this to the right end has no text, since it would be cut. */
const TICK_TEXT_PX = 48;

interface Props {
  /** The overview, or null where there is no room for it. */
  overview: ReactNode;
  heightPx: number;
  labelPx: number;
  scale: TimeScale;
  full: TimeWindow;
  ticks: readonly Tick[];
  queuedMs: number;
  isZoomed: boolean;
  showsCritical: boolean;
  onCritical: (shows: boolean) => void;
  /** Null for all of the flow. */
  onZoom: (window: TimeWindow | null) => void;
}

/** What stays above the rows: overview and axis, and on their left what belongs to the whole timeline. */
export function TimeHeader(props: Props) {
  const { overview, heightPx, labelPx, scale, full, ticks, queuedMs, isZoomed, showsCritical } = props;
  const styles = useStyles2(getStyles);
  const looks = useLooks();
  const { brush, handlers } = useBrush(scale, full, props.onZoom);
  const isTall = overview !== null;
  const queued = { duration: looks.duration(queuedMs) };
  const queuedInFull = t('views.queued-in-full', queued);
  return (
    <div className={styles.header} style={{ height: heightPx }} onDoubleClick={() => props.onZoom(null)}>
      <div className={styles.corner} data-tall={isTall} style={{ width: labelPx }}>
        <span className={styles.buttons}>
          <button
            type="button"
            className={styles.button}
            aria-pressed={showsCritical}
            title={t('views.critical-path-in-full')}
            onClick={() => props.onCritical(!showsCritical)}
            onDoubleClick={(event) => event.stopPropagation()}
          >
            <span className={styles.underline}>
              {labelPx < 150 ? t('views.critical-path-short') : t('views.critical-path')}
            </span>
          </button>
          {isZoomed && (
            <button
              type="button"
              className={styles.button}
              title={t('views.all-by-key')}
              onClick={() => props.onZoom(null)}
            >
              {labelPx < 150 ? t('views.all') : t('views.all-in-full')}
            </button>
          )}
        </span>
        {queuedMs >= 1 && (
          <span className={styles.queued} title={queuedInFull}>
            {isTall ? queuedInFull : t('views.queued', queued)}
          </span>
        )}
      </div>
      <div className={styles.tracks}>
        {overview}
        <div
          className={styles.axis}
          style={{ width: scale.cellPx }}
          aria-hidden="true"
          data-testid="time-axis"
          {...handlers}
        >
          {ticks.map(({ atMs, text }) => (
            <span key={text} className={styles.tick} style={{ transform: `translateX(${scale.toPx(atMs)}px)` }}>
              {scale.toPx(atMs) + TICK_TEXT_PX <= scale.cellPx && text}
            </span>
          ))}
          {brush !== null && (
            <span
              className={styles.brush}
              style={{ left: Math.min(brush.fromPx, brush.toPx), width: Math.abs(brush.toPx - brush.fromPx) }}
            />
          )}
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
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    userSelect: 'none',
  }),
  corner: css({
    display: 'flex',
    flex: 'none',
    alignItems: 'center',
    gap: 6,
    padding: '0 8px',
    overflow: 'hidden',
    "&[data-tall='true']": { flexDirection: 'column', alignItems: 'flex-start', justifyContent: 'space-evenly' },
  }),
  buttons: css({ display: 'flex', flex: 'none', gap: 4 }),
  button: css({
    flex: 'none',
    padding: '0 6px',
    lineHeight: '18px',
    fontSize: 11,
    color: theme.colors.text.secondary,
    background: 'transparent',
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    "&[aria-pressed='true']": { color: theme.colors.text.primary, borderColor: theme.colors.border.medium },
    "&[aria-pressed='true'] > span": { borderBottom: `2px solid ${theme.colors.text.primary}` },
    '&:hover': { color: theme.colors.text.primary, background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
  }),
  underline: css({ display: 'inline-block', lineHeight: '14px' }),
  queued: css({
    maxWidth: '100%',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontSize: 11,
    color: theme.colors.text.secondary,
  }),
  tracks: css({ display: 'flex', flexDirection: 'column', justifyContent: 'flex-end' }),
  axis: css({
    position: 'relative',
    height: AXIS_PX - 1,
    overflow: 'hidden',
    cursor: 'col-resize',
    touchAction: 'none',
  }),
  tick: css({
    position: 'absolute',
    left: 0,
    top: 4,
    height: AXIS_PX,
    paddingLeft: 4,
    fontSize: 11,
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
    borderLeft: `1px solid ${theme.colors.border.medium}`,
    pointerEvents: 'none',
  }),
  brush: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    border: `1px solid ${theme.colors.primary.border}`,
    background: theme.colors.action.selected,
    pointerEvents: 'none',
  }),
});
