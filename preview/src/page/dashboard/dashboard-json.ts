import type {
  AnnotationQuery,
  DataSourceRef,
  DataTransformerConfig,
  FieldConfigSource,
  DataQuery,
  VariableHide,
  VariableRefresh,
  VariableSort,
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

export interface VariableJson {
  name: string;
  type: string;
  label?: string | null;
  description?: string | null;
  hide?: VariableHide;
  skipUrlSync?: boolean;
  datasource?: DataSourceRef | null;
  /** A text, or what the data source's own editor made. */
  query?: unknown;
  regex?: string;
  sort?: VariableSort;
  refresh?: VariableRefresh;
  current?: { value?: string | string[]; text?: string | string[] };
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string | null;
  allowCustomValue?: boolean;
  auto?: boolean;
  auto_count?: number;
  auto_min?: string;
}

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
