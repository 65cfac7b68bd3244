import { createFlowNodes, type FlowNodesWriter } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { isSameRecord } from './same-value';

/** The nodes of flows from one reading to the next: who follows them sees them grow, and each stays while it is the same. */
export interface NodeStore {
  /** Of a flow that has none yet, empty ones that grow when they come. */
  nodesOf(flowId: string): FlowNodesWriter;
  put(flowId: string, node: PanelNode): void;
  /** These are all there are, by flow and id; those of other flows go. */
  replace(read: ReadonlyMap<string, ReadonlyMap<string, PanelNode>>): void;
  /** Forgets flows without nodes that nobody shows. */
  forget(isShown: (flowId: string) => boolean): void;
}

export function createNodeStore(): NodeStore {
  const byFlow = new Map<string, FlowNodesWriter>();

  const nodesOf = (flowId: string): FlowNodesWriter => {
    let nodes = byFlow.get(flowId);
    if (nodes === undefined) {
      nodes = createFlowNodes();
      byFlow.set(flowId, nodes);
    }
    return nodes;
  };

  /** The node that is there already when it is the same. */
  const keep = (nodes: FlowNodesWriter | undefined, node: PanelNode): PanelNode => {
    const known = nodes?.list[nodes.indexOf(node.id) ?? -1];
    return known !== undefined && isSameRecord(known, node) ? known : node;
  };

  return {
    nodesOf,
    put(flowId, node) {
      const nodes = nodesOf(flowId);
      nodes.put(keep(nodes, node));
    },
    replace(read) {
      const before = new Map(byFlow);
      for (const [flowId, nodes] of before) {
        const own = read.get(flowId);
        // Who follows these nodes can't take one away, so a flow that lost some gets others.
        if (nodes.list.some((node) => own?.has(node.id) !== true)) byFlow.delete(flowId);
      }
      for (const [flowId, own] of read) {
        const nodes = nodesOf(flowId);
        for (const node of own.values()) nodes.put(keep(before.get(flowId), node));
      }
    },
    forget(isShown) {
      for (const [flowId, nodes] of byFlow) if (nodes.list.length === 0 && !isShown(flowId)) byFlow.delete(flowId);
    },
  };
}
