import { config } from '@grafana/runtime';
import { t } from '../../../texts/t';

/** Why this person can't erase, in words; null for who can. Grafana's proxy decides in the end. */
export function eraseRefusal(): string | null {
  const { orgRole, isGrafanaAdmin } = config.bootData.user;
  return isGrafanaAdmin || String(orgRole) === 'Admin' ? null : t('app.erase.refusal');
}
