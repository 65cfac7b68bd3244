import type { MonitoringGrant } from '@flow-tracking/protocol';
import { ConfirmModal, Input, Pagination, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { useNow } from '../../../panel/ticker';
import { t } from '../../../texts/t';
import { GrantRow } from './GrantRow';
import { getTableStyles } from '../../table-styles';

interface Props {
  /** Soonest expiry first. */
  grants: readonly MonitoringGrant[];
  disabled: boolean;
  onEnable: (userId: string, ttlHours: number) => Promise<boolean>;
  onDisable: (userId: string) => Promise<boolean>;
}

const ROWS_A_PAGE = 25;

/** Who is monitored now, and until when: searched and paged, so that there may be thousands. */
export function GrantTable({ grants, disabled, onEnable, onDisable }: Props) {
  const styles = useStyles2(getTableStyles);
  const nowTs = useNow('calm');
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(1);
  const [asked, setAsked] = useState<string | null>(null);
  const active = grants.filter((grant) => grant.expires_ts > nowTs);
  if (active.length === 0) return <p className={styles.note}>{t('app.monitoring.nobody')}</p>;

  const text = search.toLowerCase();
  const found = active.filter(({ user_id }) => user_id.toLowerCase().includes(text));
  const pages = Math.max(1, Math.ceil(found.length / ROWS_A_PAGE));
  const shownPage = Math.min(page, pages);
  const rows = found.slice((shownPage - 1) * ROWS_A_PAGE, shownPage * ROWS_A_PAGE);
  return (
    <>
      <div className={styles.tools}>
        <Input
          aria-label={t('app.monitoring.search')}
          placeholder={t('app.monitoring.search')}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setPage(1);
          }}
        />
      </div>
      {found.length === 0 && <p className={styles.note}>{t('app.monitoring.not-found')}</p>}
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('app.table.user')}</th>
            <th>{t('app.table.left')}</th>
            <th>{t('app.table.until')}</th>
            <th>{t('app.table.by')}</th>
            <th>{t('app.table.reason')}</th>
            <th aria-label={t('app.table.actions')} />
          </tr>
        </thead>
        <tbody>
          {rows.map((grant) => (
            <GrantRow
              key={grant.user_id}
              grant={grant}
              nowTs={nowTs}
              disabled={disabled}
              onEnable={onEnable}
              onDisable={setAsked}
            />
          ))}
        </tbody>
      </table>
      {pages > 1 && <Pagination currentPage={shownPage} numberOfPages={pages} onNavigate={setPage} />}
      {asked !== null && (
        <ConfirmModal
          isOpen
          title={t('app.monitoring.off-title')}
          body={t('app.monitoring.off-body', { user: asked })}
          confirmText={t('app.monitoring.off')}
          dismissText={t('app.cancel')}
          onConfirm={() => {
            setAsked(null);
            void onDisable(asked);
          }}
          onDismiss={() => setAsked(null)}
        />
      )}
    </>
  );
}
