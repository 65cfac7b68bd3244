import type { RunningFlow } from '@flow-tracking/protocol';
import { config } from '@grafana/runtime';
import { Pagination, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { switchRefusal } from '../../../monitoring/switch-refusal';
import { t } from '../../../texts/t';
import { chosenDatasource } from '../../datasource/chosen-datasource';
import { getTableStyles } from '../../table-styles';
import type { BridgeClock } from './bridge-clock';
import { RunningRow } from './RunningRow';

interface Props {
  /** The oldest first. */
  flows: readonly RunningFlow[];
  clock: BridgeClock;
}

const ROWS_A_PAGE = 25;

/** Flows that run, a page at a time. */
export function RunningTable({ flows, clock }: Props) {
  const styles = useStyles2(getTableStyles);
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(flows.length / ROWS_A_PAGE));
  const shownPage = Math.min(page, pages);
  const refusal = switchRefusal(config.bootData.user);
  const datasourceUid = chosenDatasource();
  return (
    <>
      <div className={styles.scroll}>
        <table className={styles.table} aria-label={t('app.running.title')}>
          <thead>
            <tr>
              <th>{t('queries.columns.started')}</th>
              <th>{t('queries.columns.running-for')}</th>
              <th>{t('queries.columns.waits-for')}</th>
              <th>{t('queries.columns.name')}</th>
              <th>{t('queries.columns.user')}</th>
              <th>{t('queries.columns.service')}</th>
              <th>{t('queries.columns.session')}</th>
              <th aria-label={t('app.table.actions')} />
            </tr>
          </thead>
          <tbody>
            {flows.slice((shownPage - 1) * ROWS_A_PAGE, shownPage * ROWS_A_PAGE).map((running) => (
              <RunningRow
                key={running.flow.flow_id}
                running={running}
                clock={clock}
                datasourceUid={datasourceUid}
                refusal={refusal}
              />
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <div>
          <Pagination currentPage={shownPage} numberOfPages={pages} onNavigate={setPage} />
        </div>
      )}
    </>
  );
}
