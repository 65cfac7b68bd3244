import type { DataSourceInstanceSettings } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { DATASOURCE_ID } from '../../constants';

/** All datasources of our type. */
export function listDatasources(): DataSourceInstanceSettings[] {
  return getDataSourceSrv().getList({ type: DATASOURCE_ID });
}

/** That of this uid, where there is one of our type; else the default one when it is of our type, else the first that is. */
export function findDatasource(uid: string | null): DataSourceInstanceSettings | undefined {
  const own = listDatasources();
  return own.find((settings) => settings.uid === uid) ?? own.find((settings) => settings.isDefault === true) ?? own[0];
}
