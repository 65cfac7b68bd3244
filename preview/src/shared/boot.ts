import type { GrafanaMajor } from './grafana';

/** What the server tells the page in its HTML. */

/** The parts of a `plugin.json` that the preview reads. */
export interface PluginJson {
  id: string;
  type: 'app' | 'datasource' | 'panel';
  name: string;
  info?: { description?: string; version?: string; logos?: { small?: string; large?: string }; [key: string]: unknown };
  includes?: PluginInclude[];
  routes?: ProxyRoute[];
  roles?: { role?: { permissions?: { action: string }[] }; grants?: string[] }[];
  [key: string]: unknown;
}

export interface PluginInclude {
  type: string;
  name: string;
  path?: string;
  uid?: string;
  role?: string;
  addToNav?: boolean;
  defaultNav?: boolean;
}

/** One entry of a data source's `routes`: which requests it is for, and the headers the proxy adds to them. */
export interface ProxyRoute {
  path: string;
  method?: string;
  reqRole?: string;
  reqAction?: string;
  headers?: { name: string; content: string }[];
}

/** The roles of a Grafana organisation, from least to most. */
export const ROLES = ['Viewer', 'Editor', 'Admin'] as const;
export type Role = (typeof ROLES)[number];

/** Cookies by which a visitor chooses, since both choices are the server's to act on. */
export const CHOICE_COOKIES = { role: 'flow-preview-role', grafana: 'flow-preview-grafana' } as const;

/** What can be chosen on top of the page, and what is. */
export interface Choices {
  role: Role;
  roles: Role[];
  grafana: GrafanaMajor;
  versions: { major: GrafanaMajor; version: string }[];
}

/** Addresses that are pages. */
export const isPagePath = (path: string): boolean =>
  /^\/($|d\/|a\/|dashboards$|explore$|connections\/datasources\/edit\/|plugins\/)/.test(path);

export interface DashboardSummary {
  uid: string;
  title: string;
  description: string;
  folder: string;
  tags: string[];
  url: string;
}

export interface AppSummary {
  id: string;
  name: string;
  description: string;
  logo: string;
  /** The app's pages that ask for a place in the navigation. */
  pages: { name: string; url: string }[];
  /** Where it is configured; for admins. */
  configUrl: string | null;
}

export interface DataSourceSummary {
  name: string;
  url: string;
}

export interface BootPayload {
  /** The value of `window.grafanaBootData`, which @grafana/runtime turns into its `config`. */
  grafana: Record<string, unknown>;
  catalogue: {
    dashboards: DashboardSummary[];
    apps: AppSummary[];
    dataSources: DataSourceSummary[];
    choices: Choices;
    /** What is missing or broken, in words for the person who started the preview. */
    problems: string[];
  };
}
