import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { Tick } from './time-axis';
import type { TimeScale } from './time-scale';

interface Props {
  scale: TimeScale;
  labelPx: number;
  ticks: readonly Tick[];
  queuedMs: number;
}

/** Lines of the axis through all rows, and the time before the first checkpoint, which nothing explains. */
export const TimeGrid = memo(function TimeGrid({ scale, labelPx, ticks, queuedMs }: Props) {
  const styles = useStyles2(getStyles);
  const queueFromPx = Math.max(0, scale.toPx(0));
  const queueToPx = Math.min(scale.trackPx, scale.toPx(queuedMs));
  return (
    <div
      className={styles.grid}
      style={{ left: labelPx, width: scale.cellPx }}
      aria-hidden="true"
      data-testid="time-grid"
    >
      {queueToPx - queueFromPx >= 1 && (
        <span className={styles.queue} style={{ left: queueFromPx, width: queueToPx - queueFromPx }} />
      )}
      {ticks.map(({ atMs, text }) => (
        <span key={text} className={styles.line} style={{ left: scale.toPx(atMs) }} />
      ))}
    </div>
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  grid: css({ position: 'absolute', top: 0, bottom: 0, overflow: 'hidden', pointerEvents: 'none' }),
  line: css({ position: 'absolute', top: 0, bottom: 0, width: 1, background: theme.colors.border.weak }),
  queue: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    background: `repeating-linear-gradient(135deg, ${theme.colors.border.weak} 0 1px, transparent 1px 6px)`,
  }),
});
