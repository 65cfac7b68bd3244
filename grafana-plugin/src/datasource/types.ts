import type { DataQuery, DataSourceJsonData } from '@grafana/data';
import type { PriceRow } from './price-rows';

export type FlowQueryType = 'live' | 'history';

/** What a query chooses its flows by. Only `everyone` goes without a filter. */
export type FlowSelection = 'everyone' | 'user' | 'session' | 'flow';

/** What a panel asks of the datasource. Of the ids only the one that `select` names counts; empty chooses nothing. */
export interface FlowQuery extends DataQuery {
  queryType?: FlowQueryType;
  /** Live: `everyone` (every monitored user) or `user`. Queries saved before there was `select` lack it. */
  select?: FlowSelection;
  /** User ids. `*` stands for everyone. */
  user?: string;
  session?: string;
  flow?: string;
}

/** Beside its URL, what models cost. */
export interface FlowDatasourceOptions extends DataSourceJsonData {
  /** For a million tokens; rows that are no prices yet are kept, and not used. */
  prices?: PriceRow[];
  /** Code of ISO 4217, for all prices. @default 'USD' */
  currency?: string;
}

/** Tokens of the bridge. Grafana keeps them; the browser only knows which are set. */
export interface FlowSecrets {
  /** For everything that reads. */
  readToken?: string;
  /** For switching monitoring on and off. */
  controlToken?: string;
}
