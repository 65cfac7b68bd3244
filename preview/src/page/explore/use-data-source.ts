import type { DataSourceApi, DataSourceInstanceSettings } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { useEffect, useState } from 'react';
import { messageOf } from '../services/message-of';

export interface LoadedDataSource {
  instance: DataSourceApi;
  settings: DataSourceInstanceSettings;
}

/** A data source with its plugin, or why it can't be had. An empty uid: the default one. */
export function useDataSource(uid: string): { loaded?: LoadedDataSource; error?: string } {
  const [state, setState] = useState<{ uid?: string; loaded?: LoadedDataSource; error?: string }>({});
  useEffect(() => {
    let isCurrent = true;
    getDataSourceSrv()
      .get(uid || null)
      .then((instance) => {
        const settings = getDataSourceSrv().getInstanceSettings(instance.uid);
        if (settings === undefined) throw new Error('it has no settings');
        if (isCurrent) setState({ uid, loaded: { instance, settings } });
      })
      .catch((error: unknown) => isCurrent && setState({ uid, error: messageOf(error) }));
    return () => {
      isCurrent = false;
    };
  }, [uid]);
  return state.uid === uid ? state : {};
}
