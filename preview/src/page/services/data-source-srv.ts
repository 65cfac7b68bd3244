import type { DataSourceApi, DataSourceInstanceSettings, DataSourceRef, ScopedVars } from '@grafana/data';
import { config, getTemplateSrv } from '@grafana/runtime';
import type { DataSourceSrv, GetDataSourceListFilters } from '@grafana/runtime';
import { createGrafanaDataSource, grafanaSettings } from './grafana-data-source';
import { importDataSourcePlugin } from './plugin-loader';

type Ref = DataSourceRef | string | null | undefined;

/** Finds and makes data sources from the provisioned settings; one instance each. */
export function createDataSourceSrv(): DataSourceSrv {
  const instances = new Map<string, Promise<DataSourceApi>>();
  const all = (): DataSourceInstanceSettings[] => Object.values(config.datasources);

  const getInstanceSettings = (ref: Ref, scopedVars?: ScopedVars): DataSourceInstanceSettings | undefined => {
    const asked = typeof ref === 'string' ? ref : (ref?.uid ?? '');
    const name = getTemplateSrv().replace(asked, scopedVars);
    const byName = all().find((item) => item.uid === name) ?? all().find((item) => item.name === name);
    if (byName) return byName;
    const own = grafanaSettings(name);
    if (own) return own;
    const type = typeof ref === 'object' ? ref?.type : undefined;
    const isDefault = name === '' || name === 'default';
    if (!isDefault) return undefined;
    return all().find((item) => (type ? item.type === type : item.isDefault)) ?? (type ? undefined : all()[0]);
  };

  return {
    getInstanceSettings,
    async get(ref, scopedVars) {
      const settings = getInstanceSettings(ref, scopedVars);
      if (!settings) throw new Error(describeMissing(ref));
      const known = instances.get(settings.uid);
      if (known) return known;
      const making = createInstance(settings);
      instances.set(settings.uid, making);
      making.catch(() => instances.delete(settings.uid));
      return making;
    },
    getList: (filters) => all().filter((item) => passes(item, filters ?? {})),
    reload: async () => {},
    registerRuntimeDataSource() {
      throw new Error('the preview has no runtime data sources');
    },
  };
}

async function createInstance(settings: DataSourceInstanceSettings): Promise<DataSourceApi> {
  const own = createGrafanaDataSource(settings);
  if (own) return own;
  const plugin = await importDataSourcePlugin(settings.meta);
  const instance = new plugin.DataSourceClass(settings);
  instance.components = plugin.components;
  instance.meta = settings.meta;
  return instance;
}

function passes(item: DataSourceInstanceSettings, filters: GetDataSourceListFilters): boolean {
  const { pluginId, type, filter, metrics, tracing, logs, annotations, alerting } = filters;
  if (pluginId && item.type !== pluginId) return false;
  if (type && ![type].flat().includes(item.type)) return false;
  const wanted = { metrics, tracing, logs, annotations, alerting };
  for (const [feature, isWanted] of Object.entries(wanted)) {
    if (isWanted && !item.meta[feature as keyof typeof wanted]) return false;
  }
  return filter?.(item) ?? true;
}

function describeMissing(ref: Ref): string {
  const name = typeof ref === 'string' ? ref : (ref?.uid ?? ref?.type ?? 'default');
  return `data source "${name}" is not part of the preview`;
}
