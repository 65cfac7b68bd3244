import { MAX_FLOWS, type FlowInput } from './flows';
import { createStoredFlow, type StoredFlow, type StoredFlowWriter } from './stored-flow';

/** Flows that are changed in place. It gives what `reduceFlows` gives, and an input costs what is new in it. */
export interface FlowStore {
  /**
   * Joins an input into the flows. Inputs may come in any order and any number of times: the result is the same.
   *
   * @returns the flows that have changed and are kept
   */
  apply(input: FlowInput): readonly StoredFlow[];
  get(flowId: string): StoredFlow | undefined;
  /** Newest first; the same array as long as no flow comes or goes. */
  flows(): readonly StoredFlow[];
}

/** @param options.maxFlows how many are kept, the newest by id, which begins with the start's time */
export function createFlowStore({ maxFlows = MAX_FLOWS }: { readonly maxFlows?: number } = {}): FlowStore {
  const flows = new Map<string, StoredFlowWriter>();
  /** Oldest first. */
  const ids: string[] = [];
  let newestFirst: readonly StoredFlow[] | null = null;

  /** Only the ids decide, so a flow that was let go does not come back by a late event. */
  const admit = (flowId: string): StoredFlowWriter | undefined => {
    const known = flows.get(flowId);
    if (known !== undefined) return known;
    const at = ids.findLastIndex((id) => id < flowId) + 1;
    if (at === 0 && ids.length >= maxFlows) return undefined;
    ids.splice(at, 0, flowId);
    const flow = createStoredFlow(flowId);
    flows.set(flowId, flow);
    for (const oldest of ids.splice(0, ids.length - maxFlows)) flows.delete(oldest);
    newestFirst = null;
    return flow;
  };

  return {
    apply(input) {
      const changed = new Set<StoredFlow>();
      const join = (flowId: string, into: (flow: StoredFlowWriter) => boolean): void => {
        const flow = admit(flowId);
        if (flow !== undefined && into(flow)) changed.add(flow);
      };
      if (input.kind === 'events') {
        for (const event of input.events) join(event.flow_id, (flow) => flow.joinEvent(event));
      } else {
        for (const record of input.flows) join(record.flow_id, (flow) => flow.joinRecord(record, input.complete));
        for (const node of input.checkpoints) join(node.flow_id, (flow) => flow.joinCheckpoint(node));
      }
      return [...changed].filter((flow) => flows.get(flow.flowId) === flow);
    },
    get: (flowId) => flows.get(flowId),
    flows() {
      newestFirst ??= ids
        .map((flowId) => flows.get(flowId))
        .filter((flow) => flow !== undefined)
        .reverse();
      return newestFirst;
    },
  };
}
