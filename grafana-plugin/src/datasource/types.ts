import type { HistogramMeasure } from '@flow-tracking/protocol';
import type { DataQuery, DataSourceJsonData } from '@grafana/data';
import type { PriceRow } from './price-rows';

export const QUERY_KIND_NAMES = [
  'live',
  'history',
  'flow',
  'session',
  'running',
  'flow-list',
  'checkpoint-stats',
  'monitored-users',
  'annotations',
] as const;

/** What a query asks for; each has a folder in `queries/`. */
export type QueryKindName = (typeof QUERY_KIND_NAMES)[number];

/** What a query chooses its flows by. Only `everyone` goes without a filter. */
export type FlowSelection = 'everyone' | 'user' | 'session' | 'flow';

export const FLOW_FORMATS = ['flows', 'trace', 'node-graph'] as const;
/** As what flows are given: for the flow panel, for a traces panel, or for a node graph. */
export type FlowFormat = (typeof FLOW_FORMATS)[number];

export const STATS_VIEWS = ['time-series', 'heatmap', 'summary'] as const;
export type StatsView = (typeof STATS_VIEWS)[number];

export const FIGURES = [
  'rate',
  'count',
  'errors',
  'error_rate',
  'p50_ms',
  'p95_ms',
  'p99_ms',
  'mean_ms',
  'input_tokens',
  'output_tokens',
  'first_chunk_p50_ms',
  'first_chunk_p95_ms',
  'first_chunk_p99_ms',
  'cost',
] as const;
/** A figure of checkpoints over time. */
export type Figure = (typeof FIGURES)[number];

export const ANNOTATED = ['errors', 'slow', 'monitoring'] as const;
/** What annotations mark. */
export type Annotated = (typeof ANNOTATED)[number];

/**
 * A query as dashboards save it, of any kind; each kind reads it into a type of its own. Texts hold ids, exactly as they are,
 * or variables. In a filter an empty text filters nothing, and a variable without a value lets nothing pass.
 */
export interface FlowQuery extends DataQuery {
  /** @default 'live' */
  queryType?: QueryKindName;
  /** Live: `everyone` (every monitored user) or `user`. Queries saved before there was `select` lack it. */
  select?: FlowSelection;
  /** User ids. `*` stands for everyone. */
  user?: string;
  session?: string;
  flow?: string;
  service?: string;
  checkpoint?: string;
  /** Statuses or variables of them; none: any. */
  status?: string[];
  /** Text, as it may be a variable. */
  minDurationMs?: string;
  /** Text that flows contain. */
  text?: string;
  /** Rows. */
  limit?: number;
  format?: FlowFormat;
  view?: StatsView;
  figures?: Figure[];
  /** Of a heat map. */
  of?: HistogramMeasure;
  annotate?: Annotated;
  /** Slow from so many times the own p95 on. */
  factor?: number;
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
