import { t } from '../../../texts/t';
import type { QueryKind } from '../query-kind';
import { MonitoredUsersEditor } from './MonitoredUsersEditor';
import { readMonitoredUsersQuery, type MonitoredUsersQuery } from './query';
import { runMonitoredUsers } from './run';

export const monitoredUsers: QueryKind<MonitoredUsersQuery> = {
  name: 'monitored-users',
  label: () => t('queries.kinds.monitored-users.label'),
  description: () => t('queries.kinds.monitored-users.description'),
  read: readMonitoredUsersQuery,
  describe: () => t('queries.kinds.monitored-users.label'),
  run: runMonitoredUsers,
  Editor: MonitoredUsersEditor,
};
