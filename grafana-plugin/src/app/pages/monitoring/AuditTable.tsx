import type { AuditEntry } from '@flow-tracking/protocol';
import { dateTimeFormat } from '@grafana/data';
import { Alert, Button, LoadingPlaceholder, TextLink, useStyles2 } from '@grafana/ui';
import React, { useCallback, useEffect, useState } from 'react';
import type { BridgeApi } from '../../../bridge-api';
import { DOCS_URL } from '../../../constants';
import { t } from '../../../texts/t';
import { getTableStyles } from '../../table-styles';

/** Who did what to whose monitoring, when and why: the newest first, a page at a time. */
export function AuditTable({ api }: { api: BridgeApi }) {
  const styles = useStyles2(getTableStyles);
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const load = useCallback(
    async (after?: string): Promise<void> => {
      try {
        const page = await api.audit({ cursor: after });
        setEntries((before) => (after === undefined ? page.entries : [...(before ?? []), ...page.entries]));
        setCursor(page.next_cursor);
        setProblem(null);
      } catch (error) {
        setProblem(error instanceof Error ? error.message : String(error));
      }
    },
    [api],
  );
  useEffect(() => void load(), [load]);

  // An expiry is nobody's doing.
  const hasUnknown = entries?.some(({ actor, action }) => actor === null && action !== 'expire') === true;
  return (
    <>
      {problem !== null && (
        <Alert severity="error" title={t('app.audit.failed')}>
          {problem}
        </Alert>
      )}
      {hasUnknown && (
        <p className={styles.note}>
          {t('app.audit.unknown-hint')}{' '}
          <TextLink href={DOCS_URL} external inline>
            {t('app.audit.docs')}
          </TextLink>
        </p>
      )}
      {entries === null ? (
        problem === null && <LoadingPlaceholder text={t('app.loading')} />
      ) : entries.length === 0 ? (
        <p className={styles.note}>{t('app.audit.none')}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th>{t('app.audit.when')}</th>
              <th>{t('app.audit.what')}</th>
              <th>{t('app.table.user')}</th>
              <th>{t('app.audit.who')}</th>
              <th>{t('app.table.until')}</th>
              <th>{t('app.table.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ id, ts, action, user_id, actor, expires_ts, reason }) => (
              <tr key={id} data-testid="audit-entry" data-action={action} data-user-id={user_id}>
                <td>{dateTimeFormat(ts)}</td>
                <td>{t(`app.audit.actions.${action}`)}</td>
                <td className={styles.id} title={user_id}>
                  {user_id}
                </td>
                <td>{actor ?? (action === 'expire' ? '–' : t('app.audit.unknown'))}</td>
                <td>{expires_ts === null ? '–' : dateTimeFormat(expires_ts)}</td>
                <td className={styles.text} title={reason ?? undefined}>
                  {reason ?? '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {cursor !== null && (
        <Button variant="secondary" size="sm" onClick={() => void load(cursor)}>
          {t('app.audit.more')}
        </Button>
      )}
    </>
  );
}
