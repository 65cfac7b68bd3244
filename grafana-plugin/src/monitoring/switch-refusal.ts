import { t } from '../texts/t';

/** What Grafana says of the person at the screen, as far as it decides who may switch monitoring. */
export interface GrafanaUser {
  readonly orgRole?: string;
  readonly isGrafanaAdmin?: boolean;
}

/** Roles that Grafana's proxy lets through: `reqRole` of the routes in the datasource's plugin.json. */
const ALLOWED = new Set(['Editor', 'Admin']);

/** Why this person can't switch monitoring, in words; null for who can. Grafana's proxy decides in the end. */
export function switchRefusal({ orgRole, isGrafanaAdmin }: GrafanaUser): string | null {
  if (isGrafanaAdmin === true || ALLOWED.has(orgRole ?? '')) return null;
  return t('monitoring.refusal');
}
