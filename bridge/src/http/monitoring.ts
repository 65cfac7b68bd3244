import type { MonitoringService } from '../services/monitoring';
import { actorOf } from './actor';
import type { Endpoints } from './endpoint';
import { auditPage, monitoringDisabled, monitoringEnabled, monitoringList } from './schemas/answers';
import { auditQuery, changeQuery, enableQuery, userPath } from './schemas/inputs';

export interface MonitoringOptions {
  monitoring: MonitoringService;
}

/** Grants: given, extended, taken away, listed and audited. */
export function mountMonitoring(endpoints: Endpoints, { monitoring }: MonitoringOptions): void {
  endpoints.mount(
    {
      method: 'post',
      path: '/api/v1/monitoring/enable/:userId',
      summary: 'Publishes a user live for some hours from now, or for so long from now on',
      pathParams: userPath,
      query: enableQuery,
      answer: monitoringEnabled,
      errors: ['redis_unavailable'],
    },
    async ({ path, query, req }) => {
      const change = { actor: actorOf(req), reason: query.reason ?? null };
      return { grant: await monitoring.enable(path.userId, query.ttl_hours, change) };
    },
  );
  endpoints.mount(
    {
      method: 'post',
      path: '/api/v1/monitoring/disable/:userId',
      summary: 'Ends it; tells whether there was a grant',
      pathParams: userPath,
      query: changeQuery,
      answer: monitoringDisabled,
      errors: ['redis_unavailable'],
    },
    async ({ path: { userId }, query, req }) => {
      const change = { actor: actorOf(req), reason: query.reason ?? null };
      return { user_id: userId, disabled: await monitoring.disable(userId, change) };
    },
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/monitoring/list',
      summary: 'Grants in force, soonest expiry first',
      answer: monitoringList,
    },
    async () => ({ grants: await monitoring.list() }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/monitoring/audit',
      summary: 'What was done to monitoring and records, by whom and why, newest first',
      query: auditQuery,
      answer: auditPage,
    },
    ({ query: { user, action, from, to, cursor, limit } }) =>
      monitoring.audit({ userId: user, action, fromTs: from, toTs: to, cursor, limit }),
  );
}
