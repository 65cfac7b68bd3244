/**
 * The majors of Grafana whose libraries the page can be made of, and their versions: those of 13 are pinned in this
 * folder's package.json, those of 12 in the plugin's.
 */
export const GRAFANA_VERSIONS = { 13: '13.2.2', 12: '12.4.10' } as const;
/** Also the one that docker-compose.yml starts and the plugin is built against. */
export const DEFAULT_GRAFANA = 12;
/** Newest first. */
export const GRAFANA_MAJORS = [13, 12] as const;
export type GrafanaMajor = keyof typeof GRAFANA_VERSIONS;
