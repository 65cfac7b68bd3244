import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { BridgeApi } from '../../bridge-api';
import { ExactLinkButton } from '../../ExactLinkButton';
import type { FlowFrameMeta } from '../../frames/meta';
import { t } from '../../texts/t';
import { MonitoringPopover } from '../header/MonitoringPopover';
import { monitoringHref, useMonitoring } from '../header/use-monitoring';
import type { EmptyText } from '../status-text';

interface Props {
  text: EmptyText;
  meta: FlowFrameMeta | null;
  /** Null where monitoring can't be switched from here. */
  bridge: BridgeApi | null;
  timeZone: string;
}

/** What stands in place of flows: why there are none, and what to do, right here where that is possible. */
export function EmptyState({ text, meta, bridge, timeZone }: Props) {
  const styles = useStyles2(getStyles);
  const monitoring = useMonitoring(meta, null, timeZone);
  return (
    <div className={styles.box} role="status" data-testid="flow-empty">
      <p className={styles.title}>{text.title}</p>
      {text.hint !== '' && <p className={styles.hint}>{text.hint}</p>}
      {text.monitoringOf !== undefined &&
        (monitoring === null || bridge === null || monitoring.user === null ? (
          <ExactLinkButton icon="eye" href={monitoringHref(text.monitoringOf)}>
            {t('monitoring.switch-on')}
          </ExactLinkButton>
        ) : (
          <MonitoringPopover bridge={bridge} monitoring={monitoring} placement="bottom">
            <Button size="sm" variant="secondary" icon={monitoring.user.on ? 'eye' : 'eye-slash'}>
              {monitoring.user.on ? t('monitoring.change') : t('monitoring.switch-on')}
            </Button>
          </MonitoringPopover>
        ))}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    flex: 1,
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    padding: theme.spacing(2),
    textAlign: 'center',
    overflow: 'auto',
  }),
  title: css({ margin: 0, fontSize: theme.typography.h5.fontSize, overflowWrap: 'anywhere' }),
  hint: css({ margin: theme.spacing(0.5, 0, 1.5), maxWidth: 480, color: theme.colors.text.secondary }),
});
