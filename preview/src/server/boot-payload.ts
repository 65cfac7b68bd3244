import type { AppSummary, BootPayload, Choices, DashboardSummary, PluginJson, Role } from '../shared/boot';
import { GRAFANA_VERSIONS } from '../shared/grafana';
import type { Catalogue } from './catalogue';
import type { PreviewConfig } from './config';
import { actionsOf, hasRole, type Plugin } from './plugins';
import type { DataSource } from './provisioning';

/** What the page needs to start: Grafana's boot data for its libraries, and the catalogue for the preview's own pages. */
export function createBootPayload(
  catalogue: Catalogue,
  { role, grafana }: PreviewConfig,
  choices: Choices,
): BootPayload {
  const { plugins, dataSources, problems } = catalogue;
  return {
    grafana: {
      assets: { light: '', dark: '' },
      navTree: [],
      user: createUser(role, plugins),
      settings: {
        appSubUrl: '',
        appUrl: '/',
        namespace: 'default',
        buildInfo: {
          version: GRAFANA_VERSIONS[grafana],
          commit: 'preview',
          env: 'production',
          edition: 'Open Source',
          hideVersion: false,
        },
        featureToggles: {},
        minRefreshInterval: '1s',
        defaultDatasource: dataSources.find((item) => item.isDefault)?.name ?? '',
        datasources: Object.fromEntries(
          dataSources.map((item, index) => [item.name, describeDataSource(item, index + 1, plugins)]),
        ),
        panels: byId(plugins, 'panel'),
        apps: byId(plugins, 'app'),
        unifiedAlertingEnabled: false,
        analytics: { enabled: false },
        reporting: { enabled: false },
        exploreEnabled: true,
      },
    },
    catalogue: {
      dashboards: describeDashboards(catalogue),
      apps: describeApps(catalogue, role),
      // Those without a plugin here, such as Postgres, have nothing to configure.
      dataSources: dataSources
        .filter(({ type }) => hasRole(role, 'Admin') && plugins.some(({ id }) => id === type))
        .map(({ name, uid }) => ({ name, url: `/connections/datasources/edit/${encodeURIComponent(uid)}` })),
      choices: { ...choices, role, grafana },
      problems,
    },
  };
}

/** A data source as the browser may see it: its URL is the proxy's, its secrets stay here. */
export function describeDataSource(item: DataSource, id: number, plugins: Plugin[]): Record<string, unknown> {
  const plugin = plugins.find((candidate) => candidate.id === item.type);
  return {
    id,
    uid: item.uid,
    type: item.type,
    name: item.name,
    url: `/api/datasources/proxy/uid/${encodeURIComponent(item.uid)}`,
    access: 'proxy',
    isDefault: item.isDefault,
    readOnly: true,
    jsonData: item.jsonData,
    meta: plugin
      ? describePlugin(plugin)
      : { id: item.type, name: item.type, type: 'datasource', info: {}, module: '' },
  };
}

/** A plugin's manifest with what Grafana adds to it: where its files are, and that it is enabled. */
export function describePlugin({ id, json }: Plugin): PluginJson {
  const baseUrl = `public/plugins/${id}`;
  const logo = (path?: string) => (path ? `/${baseUrl}/${path}` : '');
  return {
    ...json,
    baseUrl,
    module: `${baseUrl}/module.js`,
    enabled: true,
    pinned: true,
    angular: { detected: false, hideDeprecation: false },
    loadingStrategy: 'script',
    signature: 'unsigned',
    info: {
      author: {},
      links: [],
      screenshots: [],
      updated: '',
      version: '',
      ...json.info,
      logos: { small: logo(json.info?.logos?.small), large: logo(json.info?.logos?.large) },
    },
  };
}

function createUser(role: Role, plugins: Plugin[]): Record<string, unknown> {
  return {
    id: 1,
    uid: 'preview',
    login: 'preview',
    name: 'Preview',
    email: 'preview@localhost',
    isSignedIn: true,
    orgId: 1,
    orgName: 'Main Org.',
    orgRole: role,
    orgCount: 1,
    isGrafanaAdmin: role === 'Admin',
    hasEditPermissionInFolders: hasRole(role, 'Editor'),
    permissions: Object.fromEntries([...actionsOf(role, plugins)].map((action) => [action, true])),
    theme: 'dark',
    lightTheme: false,
    timezone: 'browser',
    weekStart: 'monday',
    locale: 'en-US',
    language: 'en-US',
    gravatarUrl: '',
    helpFlags1: 0,
    externalUserId: '',
    analytics: { identifier: '' },
    authenticatedBy: '',
  };
}

function byId(plugins: Plugin[], type: PluginJson['type']): Record<string, PluginJson> {
  const wanted = plugins.filter((plugin) => plugin.json.type === type);
  return Object.fromEntries(wanted.map((plugin) => [plugin.id, describePlugin(plugin)]));
}

function describeDashboards({ dashboards }: Catalogue): DashboardSummary[] {
  return dashboards.map(({ uid, title, folder, json }) => ({
    uid,
    title,
    folder,
    description: typeof json.description === 'string' ? json.description : '',
    tags: Array.isArray(json.tags) ? json.tags.map(String) : [],
    url: `/d/${encodeURIComponent(uid)}/${slug(title)}`,
  }));
}

function describeApps({ plugins, apps }: Catalogue, role: Role): AppSummary[] {
  const enabled = plugins.filter(
    ({ id, json }) => json.type === 'app' && !apps.find((app) => app.type === id)?.disabled,
  );
  return enabled.map((plugin) => {
    const { id, name, info, includes } = describePlugin(plugin);
    const pages = (includes ?? []).filter(
      (page) => page.type === 'page' && page.path?.startsWith(`/a/${id}`) && hasRole(role, page.role || 'Viewer'),
    );
    return {
      id,
      name,
      description: String(info?.description ?? ''),
      logo: info?.logos?.small ?? '',
      configUrl: hasRole(role, 'Admin') ? `/plugins/${id}` : null,
      pages:
        pages.length > 0 ? pages.map((page) => ({ name: page.name, url: page.path! })) : [{ name, url: `/a/${id}` }],
    };
  });
}

function slug(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'dashboard'
  );
}
