import { FLOW_FORMATS, type FlowFormat, type FlowQuery } from '../../types';

/** Flows by their ids, with all checkpoints. */
export interface FlowDetailQuery extends FlowQuery {
  queryType: 'flow';
  select: 'flow';
  flow: string;
  format: FlowFormat;
}

export function readFlowQuery(saved: FlowQuery): FlowDetailQuery {
  const format = FLOW_FORMATS.find((known) => known === saved.format) ?? 'flows';
  return { ...saved, queryType: 'flow', select: 'flow', flow: saved.flow ?? '', format };
}
