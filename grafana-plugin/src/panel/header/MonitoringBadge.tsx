import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { FlowFrameMeta } from '../../frames/meta';
import { useMonitoring } from './use-monitoring';

/** Whether the user is monitored and for how long; leads to where that is changed. */
export function MonitoringBadge({ meta }: { meta: FlowFrameMeta | null }) {
  const styles = useStyles2(getStyles);
  const monitoring = useMonitoring(meta);
  if (monitoring === null) return null;
  return (
    <a
      className={styles.link}
      href={monitoring.href}
      title={monitoring.on ? 'Change monitoring' : 'Switch monitoring on'}
      data-testid="flow-monitoring"
      data-on={monitoring.on}
    >
      <Icon name={monitoring.on ? 'eye' : 'eye-slash'} size="sm" />
      {monitoring.text}
    </a>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  link: css({
    display: 'inline-flex',
    alignItems: 'center',
    flex: 'none',
    gap: theme.spacing(0.5),
    height: 24,
    padding: theme.spacing(0, 1),
    borderRadius: theme.shape.radius.default,
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
    border: `1px solid ${theme.colors.border.medium}`,
    "&[data-on='true']": {
      color: theme.colors.primary.contrastText,
      background: theme.colors.primary.main,
      borderColor: theme.colors.primary.main,
      '&:hover': { background: theme.colors.primary.shade },
    },
    '&:hover': { background: theme.colors.action.hover },
  }),
});
