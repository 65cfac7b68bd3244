import { config } from '@grafana/runtime';

/** Whether the visitor may explore: Grafana lets editors and admins. */
export function mayExplore(): boolean {
  return config.bootData.user.permissions?.['datasources:explore'] === true;
}
