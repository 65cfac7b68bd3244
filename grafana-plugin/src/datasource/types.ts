import type { DataQuery, DataSourceJsonData } from '@grafana/data';

export type FlowQueryType = 'live' | 'history';

/** What a panel asks of the datasource. */
export interface FlowQuery extends DataQuery {
  queryType?: FlowQueryType;
  /** Live: whose flows; empty or `*` is every monitored user. History: whose latest flows, without `session` or `flow`. */
  user?: string;
  /** History: the flows of this session. */
  session?: string;
  /** History: this flow alone; wins over `session`. */
  flow?: string;
}

/** The datasource needs no settings but its URL. */
export type FlowDatasourceOptions = DataSourceJsonData;

/** Tokens of the bridge. Grafana keeps them; the browser only knows which are set. */
export interface FlowSecrets {
  /** For everything that reads. */
  readToken?: string;
  /** For switching monitoring on and off. */
  controlToken?: string;
}
