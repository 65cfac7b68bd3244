import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { getBackendSrv } from '@grafana/runtime';
import { UrlSyncContextProvider } from '@grafana/scenes';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { useEffect, useMemo, useState } from 'react';
import { useParams, useSearchParams } from 'react-router-dom';
import { messageOf } from '../services/message-of';
import { useDocumentTitle } from '../chrome/use-document-title';
import type { DashboardJson } from './dashboard-json';
import { dashboardToScene } from './dashboard-to-scene';

/** `/d/:uid`: one provisioned dashboard. */
export function DashboardPage() {
  const { uid = '' } = useParams();
  const [search] = useSearchParams();
  const { json, error } = useDashboard(uid);
  if (error) {
    return (
      <Alert severity="error" title={`Dashboard “${uid}” is not here`}>
        {error}
      </Alert>
    );
  }
  if (json?.uid !== uid) return <LoadingPlaceholder text="Loading dashboard…" />;
  const viewPanel = search.get('viewPanel');
  return <DashboardView key={`${uid} ${viewPanel}`} json={json} viewPanel={viewPanel} />;
}

function DashboardView({ json, viewPanel }: { json: DashboardJson; viewPanel: string | null }) {
  const scene = useMemo(() => dashboardToScene(json, viewPanel), [json, viewPanel]);
  const styles = useStyles2(getStyles);
  useDocumentTitle(json.title);
  return (
    <UrlSyncContextProvider scene={scene} updateUrlOnInit createBrowserHistorySteps>
      <main className={styles}>
        <scene.Component model={scene} />
      </main>
    </UrlSyncContextProvider>
  );
}

function useDashboard(uid: string): { json?: DashboardJson; error?: string } {
  const [loaded, setLoaded] = useState<{ json?: DashboardJson; error?: string }>({});
  useEffect(() => {
    let isCurrent = true;
    getBackendSrv()
      .get<{ dashboard: DashboardJson }>(`/api/dashboards/uid/${encodeURIComponent(uid)}`, undefined, undefined, {
        showErrorAlert: false,
      })
      .then((answer) => isCurrent && setLoaded({ json: answer.dashboard }))
      .catch((error: unknown) => isCurrent && setLoaded({ error: messageOf(error) }));
    return () => {
      isCurrent = false;
    };
  }, [uid]);
  return loaded;
}

const getStyles = (theme: GrafanaTheme2) =>
  css({ flexGrow: 1, display: 'flex', flexDirection: 'column', padding: theme.spacing(1.5, 2, 2) });
