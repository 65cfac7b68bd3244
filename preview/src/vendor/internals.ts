/**
 * Hooks that a host must set and that @grafana's packages keep out of their `exports` map, taken from the files of the
 * published builds. Paths may move with a version: the build then fails here.
 */
export { initializeI18n } from '../../node_modules/@grafana/i18n/dist/esm/i18n.mjs';
export { setPluginPage } from '../../node_modules/@grafana/runtime/dist/esm/components/PluginPage.mjs';
export { setDataSourcePluginImporter } from '../../node_modules/@grafana/runtime/dist/esm/services/dataSource/dataSource.mjs';
export { initDataSourceInstanceSettings } from '../../node_modules/@grafana/runtime/dist/esm/services/dataSource/settings.mjs';
