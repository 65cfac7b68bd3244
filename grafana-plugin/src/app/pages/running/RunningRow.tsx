import type { RunningFlow } from '@flow-tracking/protocol';
import { locationUtil } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';
import { liveDashboardPath, monitoringPagePath, sessionDashboardPath } from '../../../constants';
import { ExactLinkButton } from '../../../ExactLinkButton';
import { t } from '../../../texts/t';
import { getTableStyles } from '../../table-styles';
import type { BridgeClock } from './bridge-clock';
import { RunningTime } from './RunningTime';
import { Started } from './Started';
import { WaitsFor } from './WaitsFor';

interface Props {
  running: RunningFlow;
  clock: BridgeClock;
  /** Of the datasource that the address names. */
  datasourceUid: string | null;
  /** Why this person can't switch monitoring on, in words; null for who can. */
  refusal: string | null;
}

/** One flow that runs, with ways to it, to its user, and to the switch that shows it live. */
export function RunningRow({ running, clock, datasourceUid, refusal }: Props) {
  const styles = useStyles2(getTableStyles);
  const { flow_id, user_id, session_id, name, service, started_ts } = running.flow;
  const session = sessionDashboardPath({ userId: user_id, sessionId: session_id, flowId: flow_id, datasourceUid });
  const noWatch = refusal ?? (user_id === null ? t('app.running.no-user-hint') : null);
  return (
    <tr data-testid="running-flow" data-flow-id={flow_id}>
      <td>
        <Started startedTs={started_ts} nowTs={clock.nowTs} />
      </td>
      <td>
        <RunningTime startedTs={started_ts} clock={clock} />
      </td>
      <td className={styles.text}>
        <WaitsFor running={running} nowTs={clock.nowTs} />
      </td>
      <td className={styles.text} title={name}>
        {name === '' ? t('common.unnamed-flow') : name}
      </td>
      <td className={styles.id} title={user_id ?? undefined}>
        {user_id === null ? (
          t('app.running.no-user')
        ) : (
          <a
            className={styles.link}
            href={locationUtil.assureBaseUrl(liveDashboardPath(user_id, datasourceUid))}
            aria-label={t('app.running.live-of', { user: user_id })}
          >
            {user_id}
          </a>
        )}
      </td>
      <td className={styles.text} title={service}>
        {service}
      </td>
      <td className={styles.id} title={session_id}>
        <a
          className={styles.link}
          href={locationUtil.assureBaseUrl(session)}
          aria-label={t('app.running.session-of', { session: session_id })}
        >
          {session_id}
        </a>
      </td>
      <td>
        <div className={styles.actions}>
          {noWatch === null ? (
            <ExactLinkButton
              icon="eye"
              href={locationUtil.assureBaseUrl(monitoringPagePath(user_id, datasourceUid))}
              label={t('app.running.watch-user', { user: user_id ?? '' })}
            >
              {t('app.running.watch')}
            </ExactLinkButton>
          ) : (
            <Button size="sm" variant="secondary" icon="eye" disabled tooltip={noWatch}>
              {t('app.running.watch')}
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}
