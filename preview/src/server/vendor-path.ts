import type { GrafanaMajor } from '../shared/grafana';

/** Where the build puts a major's libraries, under the public folder (build/libraries.mjs). */
export function vendorPath(grafana: GrafanaMajor, type: 'js' | 'css'): string {
  return `${grafana === 13 ? '' : `grafana-${grafana}/`}vendor.${type}`;
}
