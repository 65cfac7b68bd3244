import type { MonitoringDisabled, MonitoringEnabled } from '@flow-tracking/protocol';
import type { Request } from 'express';
import type { z } from 'zod';
import { actorOf } from '../access/actor';
import type { AnswerBudgets } from '../http/answer-budget';
import type { Endpoints } from '../http/endpoint';
import { userPath } from '../http/input-fields';
import type { MonitoringService } from './monitoring';
import { auditPage, monitoringDisabled, monitoringEnabled, monitoringList } from './monitoring-answers';
import { auditQuery, changeOfUserQuery, changeQuery, enableQuery, enableUserQuery } from './monitoring-inputs';

export interface MonitoringOptions {
  monitoring: MonitoringService;
  budgets: AnswerBudgets;
}

/** What one grant takes in the list, with the longest names and reasons. */
const GRANT_BYTES = 500;

/** Grants: given, extended, taken away, listed and audited. */
export function mountMonitoring(endpoints: Endpoints, { monitoring, budgets }: MonitoringOptions): void {
  const enable = async (
    userId: string,
    query: z.output<typeof enableQuery>,
    req: Request,
  ): Promise<MonitoringEnabled> => {
    const change = { actor: actorOf(req), reason: query.reason ?? null };
    return { grant: await monitoring.enable(userId, query.ttl_hours, change) };
  };
  const disable = async (
    userId: string,
    query: z.output<typeof changeQuery>,
    req: Request,
  ): Promise<MonitoringDisabled> => {
    const change = { actor: actorOf(req), reason: query.reason ?? null };
    return { user_id: userId, disabled: await monitoring.disable(userId, change) };
  };
  const enabling = {
    method: 'post',
    summary: 'Publishes a user live for some hours from now, or for so long from now on',
    answer: monitoringEnabled,
    errors: ['redis_unavailable'],
  } as const;
  const disabling = {
    method: 'post',
    summary: 'Ends it; tells whether there was a grant',
    answer: monitoringDisabled,
    errors: ['redis_unavailable'],
  } as const;

  endpoints.mount(
    { ...enabling, path: '/api/v1/monitoring/enable', query: enableUserQuery },
    ({ query: { user, ...query }, req }) => enable(user, query, req),
  );
  endpoints.mount(
    { ...enabling, path: '/api/v1/monitoring/enable/:userId', pathParams: userPath, query: enableQuery },
    ({ path, query, req }) => enable(path.userId, query, req),
  );
  endpoints.mount(
    { ...disabling, path: '/api/v1/monitoring/disable', query: changeOfUserQuery },
    ({ query: { user, ...query }, req }) => disable(user, query, req),
  );
  endpoints.mount(
    { ...disabling, path: '/api/v1/monitoring/disable/:userId', pathParams: userPath, query: changeQuery },
    ({ path, query, req }) => disable(path.userId, query, req),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/monitoring/list',
      summary: 'Grants in force, soonest expiry first',
      answer: monitoringList,
      errors: ['busy'],
      enter: (_query, caller) => budgets.pages.enter(caller, monitoring.users().length * GRANT_BYTES),
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
      errors: ['busy'],
      enter: (_query, caller) => budgets.pages.enter(caller),
    },
    ({ query: { user, action, from, to, cursor, limit } }) =>
      monitoring.audit({ userId: user, action, fromTs: from, toTs: to, cursor, limit }),
  );
}
