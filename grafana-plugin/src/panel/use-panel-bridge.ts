import type { DataQueryRequest } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { useMemo } from 'react';
import { createBridgeApi, type BridgeApi } from '../bridge-api';
import { DATASOURCE_ID } from '../constants';
import { onlyDatasource } from './only-datasource';

/** The bridge behind the panel's data; null where the data is not all from one datasource of ours. */
export function usePanelBridge(request: DataQueryRequest | undefined): BridgeApi | null {
  const uid = onlyDatasource(request?.targets ?? []);
  return useMemo(() => {
    const settings = uid === null ? undefined : getDataSourceSrv().getInstanceSettings(uid);
    return settings?.type === DATASOURCE_ID && settings.url !== undefined ? createBridgeApi(settings.url) : null;
  }, [uid]);
}
