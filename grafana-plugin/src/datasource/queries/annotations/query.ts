import { ANNOTATED, type Annotated, type FlowQuery } from '../../types';
import { readLimit } from '../read-limit';

/** Marks on graphs: flows that failed, slow checkpoints, or monitoring that was switched. */
export interface AnnotationsQuery extends FlowQuery {
  queryType: 'annotations';
  annotate: Annotated;
  user: string;
  session: string;
  service: string;
  checkpoint: string;
  minDurationMs: string;
  factor: number;
  limit: number;
}

export const MAX_ANNOTATIONS = 500;
export const MAX_FACTOR = 1_000;

export function readAnnotationsQuery(saved: FlowQuery): AnnotationsQuery {
  const { user = '', session = '', service = '', checkpoint = '', minDurationMs = '', factor } = saved;
  return {
    ...saved,
    queryType: 'annotations',
    annotate: ANNOTATED.find((known) => known === saved.annotate) ?? 'errors',
    user,
    session,
    service,
    checkpoint,
    minDurationMs,
    factor: typeof factor === 'number' && factor > 0 && factor <= MAX_FACTOR ? factor : 2,
    limit: readLimit(saved.limit, 100, MAX_ANNOTATIONS),
  };
}
