import type { MonitoringGrant } from '@flow-tracking/protocol';
import { css } from '@emotion/css';
import { dateTimeFormat, locationUtil, type GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';
import { liveDashboardPath } from '../constants';
import { ExactLinkButton } from '../ExactLinkButton';
import { formatLeft } from '../panel/format';
import { useNow } from '../panel/ticker';

interface Props {
  grants: readonly MonitoringGrant[];
  disabled: boolean;
  onDisable: (userId: string) => void;
}

/** Who is monitored now, and until when. */
export function GrantTable({ grants, disabled, onDisable }: Props) {
  const styles = useStyles2(getStyles);
  const nowTs = useNow('calm');
  const active = grants.filter((grant) => grant.expires_ts > nowTs);
  if (active.length === 0) {
    return <p className={styles.none}>Nobody is monitored. Requests are recorded in history all the same.</p>;
  }
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>User</th>
          <th>Time left</th>
          <th>Until</th>
          <th>Switched on by</th>
          <th aria-label="Actions" />
        </tr>
      </thead>
      <tbody>
        {active.map((grant) => (
          <tr key={grant.user_id} data-testid="monitoring-grant" data-user-id={grant.user_id}>
            <td>{grant.user_id}</td>
            <td>{formatLeft(grant.expires_ts - nowTs)}</td>
            <td>{dateTimeFormat(grant.expires_ts)}</td>
            <td>{grant.enabled_by ?? '–'}</td>
            <td>
              <div className={styles.actions}>
                <ExactLinkButton href={locationUtil.assureBaseUrl(liveDashboardPath(grant.user_id))}>
                  Live flows
                </ExactLinkButton>
                <Button
                  size="sm"
                  variant="destructive"
                  fill="outline"
                  disabled={disabled}
                  aria-label={`Switch off monitoring of user ${grant.user_id}`}
                  onClick={() => onDisable(grant.user_id)}
                >
                  Switch off
                </Button>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  none: css({ color: theme.colors.text.secondary }),
  table: css({
    width: '100%',
    maxWidth: 960,
    '& th': {
      padding: theme.spacing(1),
      fontSize: theme.typography.bodySmall.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      color: theme.colors.text.secondary,
      borderBottom: `1px solid ${theme.colors.border.medium}`,
    },
    '& td': {
      padding: theme.spacing(1),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      whiteSpace: 'nowrap',
    },
    // An id may be long, and begin with a blank.
    '& td:first-of-type': { overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
  }),
  actions: css({ display: 'flex', justifyContent: 'flex-end', flexWrap: 'wrap', gap: theme.spacing(1) }),
});
