import { flowIdTime } from '@flow-tracking/protocol';

/** What finds a flow: the day partition it is in, and its id. */
export interface FlowKey {
  flowDay: string;
  flowId: string;
}

/** The UTC day of a flow's start, `YYYY-MM-DD`, read from its id: the partition. */
export function flowDay(flowId: string): string {
  return new Date(flowIdTime(flowId)).toISOString().slice(0, 10);
}
