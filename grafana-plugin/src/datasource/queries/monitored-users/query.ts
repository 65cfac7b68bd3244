import type { FlowQuery } from '../../types';

/** Whose flows are published live, until when, and why. */
export interface MonitoredUsersQuery extends FlowQuery {
  queryType: 'monitored-users';
  user: string;
}

export function readMonitoredUsersQuery(saved: FlowQuery): MonitoredUsersQuery {
  return { ...saved, queryType: 'monitored-users', user: saved.user ?? '' };
}
