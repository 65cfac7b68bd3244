import { PluginContextProvider } from '@grafana/data';
import { config, locationSearchToObject } from '@grafana/runtime';
import { Alert, LoadingPlaceholder } from '@grafana/ui';
import { useLocation, useParams } from 'react-router-dom';
import { ROLES, type PluginInclude } from '../../shared/boot';
import { useAppPlugin } from './use-app-plugin';

/** `/a/:pluginId/*`: the app plugin's own pages, given what Grafana gives them. */
export function AppPluginPage() {
  const { pluginId = '' } = useParams();
  const { pathname, search } = useLocation();
  const { plugin, error } = useAppPlugin(pluginId);
  if (error) {
    return (
      <Alert severity="error" title={`The app “${pluginId}” can't be shown`}>
        {error}
      </Alert>
    );
  }
  if (plugin?.meta.id !== pluginId) return <LoadingPlaceholder text="Loading app…" />;
  const Root = plugin.root;
  if (!Root) return <Alert severity="error" title="The app has no root page" />;
  if (!mayOpen(plugin.meta.includes, pathname)) {
    return <Alert severity="warning" title="You do not have permission to see this page." />;
  }
  return (
    <PluginContextProvider meta={plugin.meta}>
      <Root
        meta={plugin.meta}
        basename={`/a/${pluginId}`}
        onNavChanged={() => {}}
        query={locationSearchToObject(search)}
        path={pathname}
      />
    </PluginContextProvider>
  );
}

/** A page listed in plugin.json with a role is for that role and up. */
function mayOpen(includes: PluginInclude[] | undefined, pathname: string): boolean {
  const page = includes?.find((item) => item.type === 'page' && item.path === pathname.replace(/\/$/, ''));
  const required = ROLES.findIndex((role) => role === page?.role);
  return ROLES.findIndex((role) => role === String(config.bootData.user.orgRole)) >= required;
}
