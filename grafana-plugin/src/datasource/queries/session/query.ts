import { FLOW_FORMATS, type FlowFormat, type FlowQuery } from '../../types';

/** Sessions by their ids, with all checkpoints. */
export interface SessionDetailQuery extends FlowQuery {
  queryType: 'session';
  select: 'session';
  session: string;
  format: FlowFormat;
}

export function readSessionQuery(saved: FlowQuery): SessionDetailQuery {
  const format = FLOW_FORMATS.find((known) => known === saved.format) ?? 'flows';
  return { ...saved, queryType: 'session', select: 'session', session: saved.session ?? '', format };
}
