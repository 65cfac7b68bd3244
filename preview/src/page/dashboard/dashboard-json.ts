import type {
  AnnotationQuery,
  DataSourceRef,
  DataTransformerConfig,
  FieldConfigSource,
  DataQuery,
  VariableModel,
} from '@grafana/schema';

/** The parts of a classic dashboard's JSON that the preview reads. Files are written by hand, so all may be missing. */
export interface DashboardJson {
  uid: string;
  title?: string;
  panels?: PanelJson[];
  templating?: { list?: VariableJson[] };
  annotations?: { list?: AnnotationQuery[] };
  time?: { from?: string; to?: string };
  timepicker?: { hidden?: boolean; refresh_intervals?: string[] };
  timezone?: string;
  refresh?: string | false;
  graphTooltip?: number;
  links?: LinkJson[];
}

export interface PanelJson {
  id: number;
  type: string;
  title?: string;
  description?: string;
  gridPos?: { x: number; y: number; w: number; h: number };
  datasource?: DataSourceRef | null;
  targets?: (DataQuery & { panelId?: number })[];
  options?: Record<string, unknown>;
  fieldConfig?: Partial<FieldConfigSource>;
  transformations?: DataTransformerConfig[];
  transparent?: boolean;
  pluginVersion?: string;
  maxDataPoints?: number;
  interval?: string;
  links?: LinkJson[];
  /** Of a row: whether it is folded, and then its panels. */
  collapsed?: boolean;
  panels?: PanelJson[];
}

export type VariableJson = Omit<VariableModel, 'query' | 'current'> & {
  query?: unknown;
  current?: { value?: string | string[]; text?: string | string[] };
  [key: string]: unknown;
};

export interface LinkJson {
  title?: string;
  type?: 'link' | 'dashboards';
  url?: string;
  tags?: string[];
  tooltip?: string;
  icon?: string;
  targetBlank?: boolean;
  keepTime?: boolean;
  includeVars?: boolean;
}
