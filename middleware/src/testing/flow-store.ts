import { parseEvent, type FlowEvent } from '@flow-tracking/protocol';
import type { Sink } from '../record/batch';
import { flowTree, type TestFlow } from './flow-tree';

/** Keeps in memory what would go to Redis: a sink, and the flows that came through it. */
export interface FlowStore {
  readonly sink: Sink;
  /** Begins to keep a flow. Events of a flow that is not kept are dropped: it began before {@link clear}. */
  open(flowId: string): void;
  /** Resolves when every flow that is kept has ended; never, if one does not. */
  allEnded(): Promise<void>;
  /** Flows of which anything was recorded, in the order in which they began. */
  trees(): TestFlow[];
  clear(): void;
}

export function createFlowStore(): FlowStore {
  const flows = new Map<string, FlowEvent[]>();
  const running = new Set<string>();
  let waiting: (() => void)[] = [];

  function tellWhenEnded(): void {
    if (running.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  function take(event: FlowEvent): void {
    flows.get(event.flow_id)?.push(event);
    if (event.type === 'flow_end') running.delete(event.flow_id);
  }

  return {
    sink: {
      isReady: () => true,
      write({ blocks }) {
        // The same bytes that Redis would get, read as the bridge reads them.
        for (const { bytes } of blocks) (JSON.parse(bytes.toString()) as unknown[]).map(parseEvent).forEach(take);
        tellWhenEnded();
        return Promise.resolve({ stored: blocks.length, unpublished: [] });
      },
    },
    open(flowId) {
      flows.set(flowId, []);
      running.add(flowId);
    },
    allEnded: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        tellWhenEnded();
      }),
    trees: () => [...flows.values()].filter((events) => events.length > 0).map(flowTree),
    clear() {
      flows.clear();
      running.clear();
      tellWhenEnded();
    },
  };
}
