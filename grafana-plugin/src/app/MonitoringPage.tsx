import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { locationService, PluginPage } from '@grafana/runtime';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { createBridgeApi } from '../bridge-api';
import { EnableForm } from './EnableForm';
import { findDatasource } from './find-datasource';
import { GrantTable } from './GrantTable';
import { useGrants } from './use-grants';

/** Who is monitored, and the switch for it. */
export function MonitoringPage() {
  const datasource = useMemo(findDatasource, []);
  return (
    <PluginPage>
      {datasource?.url === undefined ? (
        <Alert severity="warning" title="There is no Flow tracking datasource">
          Add one under Connections → Data sources, with the URL of the bridge and its tokens.
        </Alert>
      ) : (
        <Controls proxyUrl={datasource.url} />
      )}
    </PluginPage>
  );
}

function Controls({ proxyUrl }: { proxyUrl: string }) {
  const styles = useStyles2(getStyles);
  const api = useMemo(() => createBridgeApi(proxyUrl), [proxyUrl]);
  const { grants, error, refusal, busy, enable, disable } = useGrants(api);
  const initialUser = useMemo(() => locationService.getSearch().get('user') ?? '', []);
  return (
    <div className={styles.page} data-testid="monitoring-page">
      <p className={styles.lead}>
        While monitoring is on for a user, every checkpoint of their requests is published live, and none is sampled
        out.
      </p>
      {error !== null && (
        <Alert severity="error" title="That did not work">
          {error}
        </Alert>
      )}
      {refusal !== null && <p className={styles.lead}>{refusal}</p>}
      <EnableForm initialUser={initialUser} disabled={busy || refusal !== null} onEnable={enable} />
      <h3 className={styles.heading}>Monitored now</h3>
      {grants === null ? (
        error === null && <LoadingPlaceholder text="Asking the bridge …" />
      ) : (
        <GrantTable grants={grants} disabled={busy || refusal !== null} onDisable={(userId) => void disable(userId)} />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), maxWidth: 1100 }),
  lead: css({ margin: 0, color: theme.colors.text.secondary }),
  heading: css({ margin: theme.spacing(2, 0, 0), fontSize: theme.typography.h4.fontSize }),
});
