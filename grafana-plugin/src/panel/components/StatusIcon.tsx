import type { CheckpointStatus, FlowStatus } from '@flow-tracking/protocol';
import { css, cx, keyframes } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import { statusColor } from '../colors';
import { flowStatusText } from '../format';

interface Props {
  status: CheckpointStatus | FlowStatus;
  /** Of the ring while it runs. */
  color?: string;
}

/** A tick, a cross, a turning ring, or a bar for what was cut short: told apart by shape as well as colour. */
export function StatusIcon({ status, color }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const stroke = status === 'running' ? (color ?? statusColor(theme, status)) : statusColor(theme, status);
  const common = { fill: 'none', stroke, strokeWidth: 1.8, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;
  return (
    <svg className={styles.icon} viewBox="0 0 16 16" role="img" aria-label={flowStatusText(status)}>
      {status === 'ok' && <path {...common} d="M4 8.4l2.7 2.7L12 5.6" />}
      {status === 'error' && (
        <>
          <circle cx="8" cy="8" r="7" fill={stroke} opacity="0.2" />
          <path {...common} d="M5.5 5.5l5 5M10.5 5.5l-5 5" />
        </>
      )}
      {status === 'running' && (
        <>
          <circle cx="8" cy="8" r="7" fill={stroke} opacity="0.2" />
          <circle {...common} className={cx(styles.ring)} cx="8" cy="8" r="4" strokeDasharray="17 9" />
        </>
      )}
      {(status === 'aborted' || status === 'timed_out' || status === 'lost') && (
        <>
          <circle {...common} cx="8" cy="8" r="5.5" />
          <path
            {...common}
            d={status === 'timed_out' ? 'M8 5.2V8l1.8 1.4' : status === 'lost' ? 'M8 5.2v3M8 10.6v0' : 'M6 8h4'}
          />
        </>
      )}
    </svg>
  );
}

const turn = keyframes({ to: { transform: 'rotate(360deg)' } });

const getStyles = (theme: GrafanaTheme2) => ({
  icon: css({ width: 16, height: 16, flex: 'none' }),
  ring: css({
    transformOrigin: '8px 8px',
    [theme.transitions.handleMotion('no-preference')]: { animation: `${turn} 1.4s linear infinite` },
  }),
});
