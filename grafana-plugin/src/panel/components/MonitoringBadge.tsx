import { css } from '@emotion/css';
import { locationUtil, type GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { monitoringPagePath } from '../../constants';
import { onlyUser, type FlowFrameMeta } from '../../frames/meta';
import { monitoringText } from '../status-text';
import { useNow } from '../ticker';
import { useClockOffset } from './clock-context';

/** Whether the user is monitored and for how long, with the way to where that is changed. */
export function MonitoringBadge({ meta }: { meta: FlowFrameMeta }) {
  const styles = useStyles2(getStyles);
  const nowTs = useNow('calm') - useClockOffset();
  const monitoring = monitoringText(meta, nowTs);
  if (monitoring === null) return null;
  return (
    <a
      className={styles.link}
      href={locationUtil.assureBaseUrl(monitoringPagePath(onlyUser(meta.subject)))}
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
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.25, 1),
    borderRadius: theme.shape.radius.default,
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
    "&[data-on='true']": { color: theme.colors.primary.text, borderColor: theme.colors.primary.borderTransparent },
    '&:hover': { background: theme.colors.action.hover },
  }),
});
