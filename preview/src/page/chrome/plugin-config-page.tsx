import { css } from '@emotion/css';
import { PluginContextProvider, type GrafanaTheme2 } from '@grafana/data';
import { Alert, LoadingPlaceholder, Tab, TabsBar, useStyles2 } from '@grafana/ui';
import { useParams, useSearchParams } from 'react-router-dom';
import { useAppPlugin } from './use-app-plugin';
import { useDocumentTitle } from './use-document-title';

/** `/plugins/:pluginId?page=…`: the pages by which an app is configured. */
export function PluginConfigPage() {
  const { pluginId = '' } = useParams();
  const [search] = useSearchParams();
  const styles = useStyles2(getStyles);
  const { plugin, error } = useAppPlugin(pluginId);
  useDocumentTitle(plugin?.meta.name);
  if (error !== undefined) {
    return (
      <Alert severity="error" title={`The app “${pluginId}” can't be shown`}>
        {error}
      </Alert>
    );
  }
  if (plugin?.meta.id !== pluginId) return <LoadingPlaceholder text="Loading app…" />;
  const pages = plugin.configPages ?? [];
  const page = pages.find(({ id }) => id === search.get('page')) ?? pages[0];
  if (page === undefined) return <Alert severity="info" title="The app has no page of configuration" />;
  const query = Object.fromEntries(search);
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>{plugin.meta.name}</h1>
      <TabsBar>
        {pages.map(({ id, title, icon }) => (
          <Tab key={id} label={title} icon={icon} active={id === page.id} href={`/plugins/${pluginId}?page=${id}`} />
        ))}
      </TabsBar>
      <div className={styles.body}>
        <PluginContextProvider meta={plugin.meta}>
          <page.body plugin={plugin} query={query} />
        </PluginContextProvider>
      </div>
    </main>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ flexGrow: 1, padding: theme.spacing(3, 4, 4), background: theme.colors.background.primary }),
  title: css({ ...theme.typography.h2, margin: theme.spacing(0, 0, 2) }),
  body: css({ paddingTop: theme.spacing(2) }),
});
