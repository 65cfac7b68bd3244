import { migrateQuery } from '../../migrate-query';
import type { FlowQuery } from '../../types';

/** Flows of monitored users as they happen. */
export interface LiveQuery extends FlowQuery {
  queryType: 'live';
  select: 'user' | 'everyone';
  user: string;
}

export function readLiveQuery(saved: FlowQuery): LiveQuery {
  const { select, user = '', ...rest } = migrateQuery({ ...saved, queryType: 'live' });
  return { ...rest, queryType: 'live', select: select === 'everyone' ? 'everyone' : 'user', user };
}
