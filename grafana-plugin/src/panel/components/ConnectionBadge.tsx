import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Tooltip, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import type { FlowFrameMeta } from '../../frames/meta';
import { connectionText, type ShownConnection } from '../status-text';

function dotColor(theme: GrafanaTheme2, state: ShownConnection): string {
  if (state === 'live') return theme.visualization.getColorByName('green');
  if (state === 'offline') return theme.colors.error.text;
  return state === 'history' ? theme.colors.text.disabled : theme.colors.warning.text;
}

/** Whether what one sees is live, and if not, why. */
export function ConnectionBadge({ meta, showReason }: { meta: FlowFrameMeta; showReason: boolean }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const { state, text, reason } = connectionText(meta);
  const color = dotColor(theme, state);
  const badge = (
    <span
      className={styles.badge}
      role="status"
      tabIndex={reason === null ? undefined : 0}
      data-testid="flow-connection"
      data-state={state}
    >
      <span
        className={styles.dot}
        style={{
          background: color,
          boxShadow: `0 0 0 3px ${theme.colors.emphasize(theme.colors.background.primary, 0.08)}`,
        }}
      />
      <span style={{ color: state === 'history' ? theme.colors.text.secondary : color }}>{text}</span>
      {reason !== null && showReason && <span className={styles.reason}>{reason}</span>}
    </span>
  );
  return reason === null ? badge : <Tooltip content={reason}>{badge}</Tooltip>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  badge: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minWidth: 0,
    overflow: 'hidden',
    paddingBlock: 4,
    whiteSpace: 'nowrap',
  }),
  dot: css({ width: 8, height: 8, borderRadius: theme.shape.radius.circle, flex: 'none', marginLeft: 3 }),
  reason: css({ color: theme.colors.text.secondary, overflow: 'hidden', textOverflow: 'ellipsis' }),
});
