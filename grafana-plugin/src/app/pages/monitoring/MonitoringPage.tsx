import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { locationService, PluginPage } from '@grafana/runtime';
import { Alert, Button, LoadingPlaceholder, Tab, TabContent, TabsBar, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { createBridgeApi } from '../../../bridge-api';
import { t } from '../../../texts/t';
import { MAX_PAGE_WIDTH } from '../../table-styles';
import { DatasourceGate } from '../../datasource/DatasourceGate';
import { AuditTable } from './AuditTable';
import { EnableForm } from './EnableForm';
import { EraseModal } from './EraseModal';
import { eraseRefusal } from './erase-refusal';
import { GrantTable } from './GrantTable';
import { useGrants } from './use-grants';

/** Who is monitored, the switch for it, and who switched what. */
export function MonitoringPage() {
  return (
    <PluginPage>{<DatasourceGate>{({ proxyUrl }) => <Controls proxyUrl={proxyUrl} />}</DatasourceGate>}</PluginPage>
  );
}

function Controls({ proxyUrl }: { proxyUrl: string }) {
  const styles = useStyles2(getStyles);
  const api = useMemo(() => createBridgeApi(proxyUrl), [proxyUrl]);
  const { grants, problem, refusal, busy, enable, disable } = useGrants(api);
  const initialUser = useMemo(() => locationService.getSearch().get('user') ?? '', []);
  const [tab, setTab] = useState<'grants' | 'audit'>('grants');
  const [isErasing, setErasing] = useState(false);
  const noErase = eraseRefusal();
  return (
    <div className={styles.page} data-testid="monitoring-page">
      <p className={styles.lead}>{t('app.monitoring.lead')}</p>
      {problem !== null && (
        <Alert severity="error" title={problem.title}>
          {problem.message}
        </Alert>
      )}
      {refusal !== null && (
        <p className={styles.lead} data-testid="monitoring-refusal">
          {refusal}
        </p>
      )}
      <EnableForm api={api} initialUser={initialUser} disabled={busy || refusal !== null} onEnable={enable} />
      <TabsBar>
        <Tab
          label={t('app.monitoring.now')}
          active={tab === 'grants'}
          counter={grants?.length ?? null}
          onChangeTab={() => setTab('grants')}
        />
        <Tab label={t('app.monitoring.audit')} active={tab === 'audit'} onChangeTab={() => setTab('audit')} />
      </TabsBar>
      <TabContent className={styles.tab}>
        {tab === 'audit' ? (
          <AuditTable api={api} />
        ) : grants === null ? (
          problem === null && <LoadingPlaceholder text={t('app.loading')} />
        ) : (
          <GrantTable grants={grants} disabled={busy || refusal !== null} onEnable={enable} onDisable={disable} />
        )}
      </TabContent>
      <div>
        <Button
          variant="destructive"
          fill="outline"
          icon="trash-alt"
          disabled={noErase !== null}
          tooltip={noErase ?? t('app.erase.hint')}
          onClick={() => setErasing(true)}
        >
          {t('app.erase.open')}
        </Button>
      </div>
      {isErasing && <EraseModal api={api} onClose={() => setErasing(false)} />}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), maxWidth: MAX_PAGE_WIDTH }),
  lead: css({ margin: 0, color: theme.colors.text.secondary }),
  tab: css({ background: 'transparent' }),
});
