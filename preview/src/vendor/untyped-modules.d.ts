// The published builds carry types only for their entry points. These are the few inner functions the preview calls.

declare module '*/i18n/dist/esm/i18n.mjs' {
  export function initializeI18n(options: { language?: string; ns?: string[] }): Promise<{ language?: string }>;
}

declare module '*/dist/esm/components/PluginPage.mjs' {
  import type { ComponentType } from 'react';
  import type { PluginPageProps } from '@grafana/runtime';
  export function setPluginPage(component: ComponentType<PluginPageProps>): void;
}

declare module '*/services/dataSource/dataSource.mjs' {
  import type { DataSourceApi, DataSourcePlugin, DataSourcePluginMeta } from '@grafana/data';
  export function setDataSourcePluginImporter(
    load: (meta: DataSourcePluginMeta) => Promise<DataSourcePlugin<DataSourceApi>>,
  ): void;
}

declare module '*/services/dataSource/settings.mjs' {
  import type { DataSourceInstanceSettings } from '@grafana/data';
  export function initDataSourceInstanceSettings(
    byName: Record<string, DataSourceInstanceSettings>,
    defaultName: string,
  ): void;
}

declare module '*.css';
