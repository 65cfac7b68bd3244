import type { MonitoringGrant } from '@flow-tracking/protocol';
import type { DataFrame, DataQueryResponse } from '@grafana/data';
import type { Observable } from 'rxjs';
import { t } from '../../../texts/t';
import { answerOnce, QueryProblem } from '../answer-once';
import { readFilters } from '../filters';
import type { CellLinks } from '../links';
import type { QueryRun, QueryTools } from '../query-kind';
import { tableFrame, VERBATIM } from '../table';
import type { MonitoredUsersQuery } from './query';

export function monitoredUsersFrame(grants: readonly MonitoringGrant[], nowTs: number, links: CellLinks): DataFrame {
  return tableFrame<MonitoringGrant>(
    'monitored-users',
    [
      {
        name: 'user_id',
        type: 'string',
        unit: VERBATIM,
        title: t('queries.columns.user'),
        links: [links.user()],
        value: (grant) => grant.user_id,
      },
      { name: 'enabled_ts', type: 'time', title: t('queries.columns.enabled'), value: (grant) => grant.enabled_ts },
      { name: 'expires_ts', type: 'time', title: t('queries.columns.expires'), value: (grant) => grant.expires_ts },
      {
        name: 'left_ms',
        type: 'number',
        unit: 'ms',
        title: t('queries.columns.left'),
        value: (grant) => Math.max(0, grant.expires_ts - nowTs),
      },
      { name: 'enabled_by', type: 'string', title: t('queries.columns.actor'), value: (grant) => grant.enabled_by },
      { name: 'reason', type: 'string', title: t('queries.columns.reason'), value: (grant) => grant.reason },
    ],
    grants,
  );
}

/** Grants in force, soonest expiry first. */
export function runMonitoredUsers(
  query: MonitoredUsersQuery,
  run: QueryRun,
  { api, links }: QueryTools,
): Observable<DataQueryResponse> {
  return answerOnce(run, async () => {
    const { values, isNothing, notices, problem } = readFilters(query, ['user'], run.read);
    if (problem !== null) throw new QueryProblem(problem);
    const { grants } = isNothing ? { grants: [] } : await api.monitoring();
    const wanted = values.user;
    const shown = wanted === undefined ? grants : grants.filter((grant) => wanted.includes(grant.user_id));
    return { frames: [monitoredUsersFrame(shown, Date.now(), links)], notices };
  });
}
