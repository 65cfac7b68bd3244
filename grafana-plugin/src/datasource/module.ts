import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor } from './ConfigEditor';
import { FlowDatasource } from './datasource';
import { QueryEditor } from './QueryEditor';
import type { FlowDatasourceOptions, FlowQuery, FlowSecrets } from './types';

export const plugin = new DataSourcePlugin<FlowDatasource, FlowQuery, FlowDatasourceOptions, FlowSecrets>(
  FlowDatasource,
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor);
