import { migrateQuery } from '../../migrate-query';
import type { FlowQuery } from '../../types';

/** The latest flows of users, or of everyone, each with its checkpoints. */
export interface HistoryQuery extends FlowQuery {
  queryType: 'history';
  select: 'user' | 'everyone';
  user: string;
}

export function readHistoryQuery(saved: FlowQuery): HistoryQuery {
  const { select, user = '', ...rest } = migrateQuery({ ...saved, queryType: 'history' });
  return { ...rest, queryType: 'history', select: select === 'everyone' ? 'everyone' : 'user', user };
}
