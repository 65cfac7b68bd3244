import type { FlowEvent } from '../events';
import type { CheckpointRecord, FlowRecord } from '../record-fields';
import { emptyFlow, joinEvents, joinRecord, type FlowState } from './flow-state';
import { viewFlow, type FlowView } from './flow-view';

/** What is known of many flows, by flow id. Never changed in place. */
export type Flows = ReadonlyMap<string, FlowState>;

export const NO_FLOWS: Flows = new Map();

/** How many flows are kept unless told otherwise. */
export const MAX_FLOWS = 200;

/** What the reducer takes: live events, or what history has. */
export type FlowInput =
  | { readonly kind: 'events'; readonly events: readonly FlowEvent[] }
  | {
      readonly kind: 'records';
      readonly flows: readonly FlowRecord[];
      readonly checkpoints: readonly CheckpointRecord[];
      /** The checkpoints are all that history has of these flows; false for a bare list of flows. */
      readonly complete: boolean;
    };

function groupBy<T extends { flow_id: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.flow_id);
    if (group === undefined) groups.set(item.flow_id, [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * Joins an input into the flows. Inputs may come in any order and any number of times: the result is the same. The
 * flows themselves are returned when nothing is new.
 *
 * @param maxFlows how many are kept, the newest by id, which begins with the start's time
 */
export function reduceFlows(flows: Flows, input: FlowInput, maxFlows: number = MAX_FLOWS): Flows {
  let result: Map<string, FlowState> | undefined;
  const put = (flowId: string, join: (flow: FlowState) => FlowState): void => {
    const before = (result ?? flows).get(flowId);
    const after = join(before ?? emptyFlow(flowId));
    if (after === before) return;
    result ??= new Map(flows);
    result.set(flowId, after);
  };
  if (input.kind === 'events') {
    for (const [flowId, events] of groupBy(input.events)) put(flowId, (flow) => joinEvents(flow, events));
  } else {
    const checkpoints = groupBy(input.checkpoints);
    for (const record of input.flows) {
      const own = checkpoints.get(record.flow_id) ?? [];
      put(record.flow_id, (flow) => joinRecord(flow, record, own, input.complete));
      checkpoints.delete(record.flow_id);
    }
    for (const [flowId, own] of checkpoints) put(flowId, (flow) => joinRecord(flow, null, own, false));
  }
  if (result === undefined) return flows;
  return result.size > maxFlows ? newest(result, maxFlows) : result;
}

/** Only the ids decide, so a flow that was let go does not come back by a late event. */
function newest(flows: Flows, count: number): Flows {
  const kept = new Set([...flows.keys()].sort().slice(-count));
  return new Map([...flows].filter(([flowId]) => kept.has(flowId)));
}

/** The flows as the panel gets them, newest first. */
export function viewFlows(flows: Flows): FlowView[] {
  return [...flows.values()].sort((a, b) => (a.flowId < b.flowId ? 1 : -1)).map(viewFlow);
}
