import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { BridgeApi } from '../../bridge-api';
import { headerButton } from './header-button';
import { MonitoringPopover } from './MonitoringPopover';
import { NARROW_HEADER } from './narrow';
import type { ShownMonitoring } from './use-monitoring';

interface Props {
  bridge: BridgeApi;
  monitoring: ShownMonitoring;
}

/** Whether the users are monitored and for how long; a press opens what changes it. */
export function MonitoringBadge({ bridge, monitoring }: Props) {
  const styles = useStyles2(getStyles);
  const { on, text } = monitoring;
  return (
    <MonitoringPopover bridge={bridge} monitoring={monitoring} placement="bottom-end">
      <button
        type="button"
        className={styles.button}
        title={text}
        aria-label={text}
        data-testid="flow-monitoring"
        data-on={on}
      >
        <Icon name={on ? 'eye' : 'eye-slash'} size="sm" />
        <span className={styles.text}>{text}</span>
        <Icon name="angle-down" size="sm" />
      </button>
    </MonitoringPopover>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  text: css({ [NARROW_HEADER]: { display: 'none' } }),
  button: css({
    ...headerButton(theme),
    "&[data-on='true']": {
      color: theme.colors.primary.contrastText,
      background: theme.colors.primary.main,
      borderColor: theme.colors.primary.main,
      // The shade of the dark theme is too light for the text.
      '&:hover': {
        color: theme.colors.primary.contrastText,
        background: theme.colors.primary.main,
        textDecoration: 'underline',
      },
    },
  }),
});
