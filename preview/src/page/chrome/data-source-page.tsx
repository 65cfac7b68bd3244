import { css } from '@emotion/css';
import type { DataSourceSettings, GrafanaTheme2, TestDataSourceResponse } from '@grafana/data';
import { getBackendSrv, getDataSourceSrv } from '@grafana/runtime';
import { Alert, Button, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { useEffect, useState, type ComponentType } from 'react';
import { useParams } from 'react-router-dom';
import { messageOf } from '../services/message-of';
import { useDocumentTitle } from './use-document-title';

interface Loaded {
  settings: DataSourceSettings;
  Editor: ComponentType<{ options: DataSourceSettings; onOptionsChange: (options: DataSourceSettings) => void }>;
}

/** `/connections/datasources/edit/:uid`: the plugin's own editor, with the test that Grafana runs after saving. */
export function DataSourcePage() {
  const { uid = '' } = useParams();
  const styles = useStyles2(getStyles);
  const [loaded, setLoaded] = useState<Loaded>();
  const [error, setError] = useState<string>();
  useDocumentTitle(loaded?.settings.name);
  useEffect(() => {
    let isCurrent = true;
    load(uid)
      .then((found) => isCurrent && setLoaded(found))
      .catch((reason: unknown) => isCurrent && setError(messageOf(reason)));
    return () => {
      isCurrent = false;
    };
  }, [uid]);
  if (error !== undefined) {
    return (
      <Alert severity="error" title={`The data source “${uid}” can't be shown`}>
        {error}
      </Alert>
    );
  }
  if (loaded?.settings.uid !== uid) return <LoadingPlaceholder text="Loading data source…" />;
  const { settings, Editor } = loaded;
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>{settings.name}</h1>
      <Alert severity="info" title="This data source is provisioned">
        It is tested as the files have it. What is changed here is lost with the page.
      </Alert>
      <Editor options={settings} onOptionsChange={(next) => setLoaded({ Editor, settings: next })} />
      <HealthCheck uid={uid} />
    </main>
  );
}

async function load(uid: string): Promise<Loaded> {
  const [settings, instance] = await Promise.all([
    getBackendSrv().get<DataSourceSettings>(`/api/datasources/uid/${encodeURIComponent(uid)}`, undefined, undefined, {
      showErrorAlert: false,
    }),
    getDataSourceSrv().get(uid),
  ]);
  const Editor = instance.components?.ConfigEditor as Loaded['Editor'] | undefined;
  if (Editor === undefined) throw new Error('its plugin has no editor');
  return { settings, Editor };
}

function HealthCheck({ uid }: { uid: string }) {
  const [answer, setAnswer] = useState<Partial<TestDataSourceResponse>>();
  const [isRunning, setRunning] = useState(false);
  const run = async (): Promise<void> => {
    setRunning(true);
    try {
      const instance = await getDataSourceSrv().get(uid);
      setAnswer(await instance.testDatasource());
    } catch (error) {
      setAnswer({ status: 'error', message: messageOf(error) });
    }
    setRunning(false);
  };
  return (
    <>
      {answer !== undefined && (
        <Alert
          severity={answer.status === 'success' ? 'success' : 'error'}
          title={answer.message ?? ''}
          data-testid="health-check"
        >
          {answer.details?.message}
        </Alert>
      )}
      <div>
        <Button onClick={() => void run()} disabled={isRunning}>
          {isRunning ? 'Testing…' : 'Test'}
        </Button>
      </div>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    flexGrow: 1,
    padding: theme.spacing(3, 4, 4),
    background: theme.colors.background.primary,
    [theme.breakpoints.down('md')]: { padding: theme.spacing(2) },
  }),
  title: css({ ...theme.typography.h2, margin: theme.spacing(0, 0, 2) }),
});
