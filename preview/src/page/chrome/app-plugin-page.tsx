import { PluginContextProvider, type AppPlugin, type AppPluginMeta } from '@grafana/data';
import { config, getBackendSrv, locationSearchToObject } from '@grafana/runtime';
import { Alert, LoadingPlaceholder } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { useLocation, useParams } from 'react-router-dom';
import { ROLES, type PluginInclude } from '../../shared/boot';
import { messageOf } from '../services/message-of';
import { importAppPlugin } from '../services/plugin-loader';

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

function useAppPlugin(id: string): { plugin?: AppPlugin; error?: string } {
  const [state, setState] = useState<{ plugin?: AppPlugin; error?: string }>({});
  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<AppPlugin> => {
      const settings = await getBackendSrv().get<AppPluginMeta>(
        `/api/plugins/${encodeURIComponent(id)}/settings`,
        undefined,
        undefined,
        { showErrorAlert: false },
      );
      if (!settings.enabled) throw new Error('it is disabled by the provisioning');
      return importAppPlugin(id, settings);
    };
    load()
      .then((plugin) => isCurrent && setState({ plugin }))
      .catch((error: unknown) => isCurrent && setState({ error: messageOf(error) }));
    return () => {
      isCurrent = false;
    };
  }, [id]);
  return state;
}

/** A page listed in plugin.json with a role is for that role and up. */
function mayOpen(includes: PluginInclude[] | undefined, pathname: string): boolean {
  const page = includes?.find((item) => item.type === 'page' && item.path === pathname.replace(/\/$/, ''));
  const required = ROLES.findIndex((role) => role === page?.role);
  return ROLES.findIndex((role) => role === String(config.bootData.user.orgRole)) >= required;
}
