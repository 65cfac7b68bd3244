import type { MonitoringGrant } from '@flow-tracking/protocol';
import { dateTimeFormat, locationUtil } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';
import { liveDashboardPath } from '../../../constants';
import { chosenDatasource } from '../../datasource/chosen-datasource';
import { ExactLinkButton } from '../../../ExactLinkButton';
import { extendedHours } from '../../../monitoring/grant-lengths';
import { formatLeft } from '../../../panel/format';
import { t } from '../../../texts/t';
import { getTableStyles } from '../../table-styles';

interface Props {
  grant: MonitoringGrant;
  /** Epoch ms. */
  nowTs: number;
  disabled: boolean;
  onEnable: (userId: string, ttlHours: number) => Promise<boolean>;
  onDisable: (userId: string) => void;
}

/** One grant: the time that is left, and what can be done with it. */
export function GrantRow({ grant, nowTs, disabled, onEnable, onDisable }: Props) {
  const styles = useStyles2(getTableStyles);
  const { user_id, expires_ts, enabled_by, reason } = grant;
  const longer = extendedHours(expires_ts - nowTs, 1);
  return (
    <tr data-testid="monitoring-grant" data-user-id={user_id}>
      <td className={styles.id} title={user_id}>
        {user_id}
      </td>
      <td>{formatLeft(expires_ts - nowTs)}</td>
      <td>{dateTimeFormat(expires_ts)}</td>
      <td>{enabled_by ?? '–'}</td>
      <td className={styles.text} title={reason ?? undefined}>
        {reason ?? '–'}
      </td>
      <td>
        <div className={styles.actions}>
          <ExactLinkButton href={locationUtil.assureBaseUrl(liveDashboardPath(user_id, chosenDatasource()))}>
            {t('app.links.live')}
          </ExactLinkButton>
          <Button
            size="sm"
            variant="secondary"
            disabled={disabled || longer === null}
            aria-label={t('app.monitoring.extend-user', { user: user_id })}
            tooltip={longer === null ? t('monitoring.longest') : undefined}
            onClick={() => longer !== null && void onEnable(user_id, longer)}
          >
            {t('monitoring.extend')}
          </Button>
          <Button
            size="sm"
            variant="destructive"
            fill="outline"
            disabled={disabled}
            aria-label={t('app.monitoring.off-user', { user: user_id })}
            onClick={() => onDisable(user_id)}
          >
            {t('app.monitoring.off')}
          </Button>
        </div>
      </td>
    </tr>
  );
}
