import type { z } from 'zod';
import type { ExportQuery } from './export/flow-export';
import type { flowsQuery } from './flows/flows-inputs';

type Given = Partial<Omit<z.output<typeof flowsQuery>, 'cursor' | 'limit'>>;

/** The filters of a query, as history names them. */
export function toFlowsQuery(query: Given): ExportQuery {
  return {
    userIds: query.user,
    sessionIds: query.session,
    services: query.service,
    statuses: query.status,
    checkpoints: query.checkpoint,
    minDurationMs: query.min_duration_ms,
    text: query.q,
    fromTs: query.from,
    toTs: query.to,
  };
}
