import type { DataSourceInstanceSettings } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { DATASOURCE_ID } from '../constants';

/** The datasource to talk to the bridge through: the default one when it is of our type, else the first that is. */
export function findDatasource(): DataSourceInstanceSettings | undefined {
  const own = getDataSourceSrv().getList({ type: DATASOURCE_ID });
  return own.find((settings) => settings.isDefault === true) ?? own[0];
}
