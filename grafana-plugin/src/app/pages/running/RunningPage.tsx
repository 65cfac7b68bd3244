import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { createBridgeApi } from '../../../bridge-api';
import { t } from '../../../texts/t';
import { DatasourceGate } from '../../datasource/DatasourceGate';
import { MAX_PAGE_WIDTH } from '../../table-styles';
import { bridgeClock } from './bridge-clock';
import { FilterBar } from './FilterBar';
import { askedOf, isSameFilters, NO_FILTERS, withText } from './filters';
import { RunningCount } from './RunningCount';
import { RunningTable } from './RunningTable';
import { useFilters } from './use-filters';
import { useRunning } from './use-running';

/** All that runs at this moment, of all users, monitored or not: what hangs stands on top. */
export function RunningPage() {
  return (
    <PluginPage>
      <DatasourceGate>{({ proxyUrl }) => <RunningFlows proxyUrl={proxyUrl} />}</DatasourceGate>
    </PluginPage>
  );
}

function RunningFlows({ proxyUrl }: { proxyUrl: string }) {
  const styles = useStyles2(getStyles);
  const api = useMemo(() => createBridgeApi(proxyUrl), [proxyUrl]);
  const filters = useFilters();
  const view = useRunning(api, askedOf(filters.applied));
  const { running, problem } = view;
  const found = useMemo(() => withText(running?.flows ?? [], filters.typed.text), [running, filters.typed.text]);
  return (
    <div className={styles.page} data-testid="running-page">
      <p className={styles.quiet}>{t('app.running.lead')}</p>
      <FilterBar api={api} filters={filters} />
      {problem !== null && (
        <Alert severity="error" title={t('app.running.failed')}>
          {problem}
          {running !== null && <div>{t('app.running.answered', { time: dateTimeFormat(view.answeredTs) })}</div>}
        </Alert>
      )}
      {running === null ? (
        problem === null && <LoadingPlaceholder text={t('app.loading')} />
      ) : (
        <>
          <RunningCount
            count={running.flows.length}
            shown={found.length}
            hasMore={running.has_more}
            answeredTs={view.answeredTs}
          />
          {found.length === 0 ? (
            <p className={styles.quiet}>
              {isSameFilters(filters.applied, NO_FILTERS) && filters.typed.text === ''
                ? t('app.running.none')
                : t('app.running.not-found')}
            </p>
          ) : (
            <RunningTable flows={found} clock={bridgeClock(view)} />
          )}
        </>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), maxWidth: MAX_PAGE_WIDTH }),
  quiet: css({ margin: 0, color: theme.colors.text.secondary }),
});
