/**
 * The hooks of `internals.ts` as Grafana 12 has them. There a host need not tell the runtime of its data sources and how
 * to load them: whoever wants one asks `getDataSourceSrv()`.
 */
export { initializeI18n } from '../../../node_modules/@grafana/i18n/dist/esm/i18n.mjs';
export { setPluginPage } from '../../../node_modules/@grafana/runtime/dist/esm/components/PluginPage.mjs';

export function setDataSourcePluginImporter(): void {
  // New in 13.
}

export function initDataSourceInstanceSettings(): void {
  // New in 13.
}
