import type {
  AppPlugin,
  DataSourceApi,
  DataSourcePlugin,
  DataSourcePluginMeta,
  PanelPlugin,
  PanelPluginMeta,
} from '@grafana/data';
import { config } from '@grafana/runtime';
import { builtInPanels } from '../panels/built-in-panels';
import { unknownPanel } from '../panels/unknown-panel';

const panels = new Map<string, PanelPlugin>();
const imports = new Map<string, Promise<unknown>>();

/** What a plugin's module exports; a CommonJS build wraps it. */
interface PluginModule {
  plugin?: unknown;
  default?: { plugin?: unknown };
}

/** Loads a data source's module as Grafana does: AMD, through SystemJS. */
export async function importDataSourcePlugin(meta: DataSourcePluginMeta): Promise<DataSourcePlugin<DataSourceApi>> {
  const plugin = await importOnce<DataSourcePlugin<DataSourceApi>>(meta.id, meta.module);
  plugin.meta = meta;
  return plugin;
}

/** Loads the app's module and tells it its settings. */
export async function importAppPlugin(id: string, settings: AppPlugin['meta']): Promise<AppPlugin> {
  const plugin = await importOnce<AppPlugin>(id, settings.module);
  plugin.meta = settings;
  plugin.init(settings);
  return plugin;
}

/** Loads a panel: the plugin's own, one of the preview's stand-ins for Grafana's, or a note that there is none. */
export async function importPanelPlugin(id: string): Promise<PanelPlugin> {
  const cached = panels.get(id);
  if (cached) return cached;
  const meta: PanelPluginMeta | undefined = config.panels[id];
  const plugin = meta ? await importOnce<PanelPlugin>(id, meta.module) : (builtInPanels[id]?.() ?? unknownPanel(id));
  plugin.meta = meta ?? describeBuiltIn(id);
  panels.set(id, plugin);
  return plugin;
}

export function getPanelPluginFromCache(id: string): PanelPlugin | undefined {
  return panels.get(id);
}

function importOnce<T>(id: string, module: string): Promise<T> {
  if (!module) return Promise.reject(new Error(`plugin ${id} is not part of the preview`));
  const known = imports.get(id);
  if (known) return known as Promise<T>;
  const loading = System.import(`/${module}`).then((exported: PluginModule) => {
    const plugin = exported.plugin ?? exported.default?.plugin;
    if (!plugin) throw new Error(`${module} exports no "plugin"`);
    return plugin as T;
  });
  imports.set(id, loading);
  // A failed load may be tried again: the file may have been built meanwhile.
  loading.catch(() => imports.delete(id));
  return loading;
}

function describeBuiltIn(id: string): PanelPluginMeta {
  return {
    id,
    name: id,
    type: 'panel' as PanelPluginMeta['type'],
    sort: 0,
    module: '',
    baseUrl: '',
    info: {
      author: { name: '' },
      description: '',
      links: [],
      logos: { large: '', small: '' },
      screenshots: [],
      updated: '',
      version: config.buildInfo.version,
    },
  };
}
