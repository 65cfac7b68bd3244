import type { FlowQuery } from '../../types';
import { readLimit } from '../read-limit';

/** What runs now, of all users, monitored or not. */
export interface RunningQuery extends FlowQuery {
  queryType: 'running';
  user: string;
  service: string;
  checkpoint: string;
  minDurationMs: string;
  limit: number;
}

export const MAX_RUNNING = 500;

export function readRunningQuery(saved: FlowQuery): RunningQuery {
  const { user = '', service = '', checkpoint = '', minDurationMs = '' } = saved;
  const limit = readLimit(saved.limit, 100, MAX_RUNNING);
  return { ...saved, queryType: 'running', user, service, checkpoint, minDurationMs, limit };
}
