import type { AppPlugin, AppPluginMeta } from '@grafana/data';
import { getBackendSrv } from '@grafana/runtime';
import { useEffect, useState } from 'react';
import { messageOf } from '../services/message-of';
import { importAppPlugin } from '../services/plugin-loader';

/** The app's module and settings, or why they can't be had. */
export function useAppPlugin(id: string): { plugin?: AppPlugin; error?: string } {
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
