import type { FlowQuery } from '../../types';
import { isFlowStatus } from '../filters';
import { readLimit } from '../read-limit';

/** A table of flows that pass filters. */
export interface FlowListQuery extends FlowQuery {
  queryType: 'flow-list';
  user: string;
  session: string;
  service: string;
  checkpoint: string;
  /** Statuses, and variables of them. */
  status: string[];
  minDurationMs: string;
  text: string;
  limit: number;
}

export const MAX_ROWS = 5_000;

export function readFlowListQuery(saved: FlowQuery): FlowListQuery {
  const { user = '', session = '', service = '', checkpoint = '', minDurationMs = '', text = '' } = saved;
  const status = (saved.status ?? []).filter((text) => isFlowStatus(text) || text.includes('$'));
  const limit = readLimit(saved.limit, 500, MAX_ROWS);
  return { ...saved, queryType: 'flow-list', user, session, service, checkpoint, status, minDurationMs, text, limit };
}
