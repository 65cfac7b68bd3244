import { DataSourceApi, toDataFrame } from '@grafana/data';
import type {
  DataFrameJSON,
  DataQuery,
  DataQueryRequest,
  DataQueryResponse,
  DataSourceInstanceSettings,
  DataSourcePluginMeta,
} from '@grafana/data';

/** How dashboards name Grafana's own data source. */
const NAMES = ['grafana', '-- Grafana --'];

interface SnapshotQuery extends DataQuery {
  snapshot?: DataFrameJSON[];
}

const settings: DataSourceInstanceSettings = {
  uid: 'grafana',
  name: '-- Grafana --',
  type: 'datasource',
  access: 'direct',
  readOnly: true,
  jsonData: {},
  meta: { id: 'grafana', name: '-- Grafana --', type: 'datasource', module: '' } as unknown as DataSourcePluginMeta,
};

/** Gives the frames that stand in the dashboard itself, as Grafana does for the query type `snapshot`; it has no other. */
class GrafanaDataSource extends DataSourceApi<SnapshotQuery> {
  query(request: DataQueryRequest<SnapshotQuery>): Promise<DataQueryResponse> {
    const data = request.targets.flatMap(({ refId, queryType, snapshot }) =>
      queryType === 'snapshot' ? (snapshot ?? []).map((frame) => ({ ...toDataFrame(frame), refId })) : [],
    );
    return Promise.resolve({ data });
  }

  testDatasource(): Promise<{ status: string; message: string }> {
    return Promise.resolve({ status: 'success', message: '' });
  }
}

/** Undefined for any other name. */
export function grafanaSettings(name: string): DataSourceInstanceSettings | undefined {
  return NAMES.includes(name) ? settings : undefined;
}

/** Undefined for the settings of any other data source. */
export function createGrafanaDataSource({ uid }: DataSourceInstanceSettings): DataSourceApi | undefined {
  return uid === settings.uid ? new GrafanaDataSource(settings) : undefined;
}
