import type { PanelNode } from './panel-flow';

/**
 * The nodes of one flow. It grows in place, so that who reads it (a layout, a view) takes in only what is new: each reader
 * remembers how far it has read the journal.
 */
export interface FlowNodes {
  /** A node keeps its index for good, and is the same object as long as it does not change. */
  readonly list: readonly PanelNode[];
  /** Indices of the nodes that were added or changed, in that order, from the very first on. */
  readonly journal: readonly number[];
  indexOf(id: string): number | undefined;
}

export interface FlowNodesWriter extends FlowNodes {
  /** Adds a node or replaces the one of its id. A node that is the same object changes nothing. */
  put(node: PanelNode): void;
}

export function createFlowNodes(nodes: Iterable<PanelNode> = []): FlowNodesWriter {
  const list: PanelNode[] = [];
  const journal: number[] = [];
  const indices = new Map<string, number>();
  const put = (node: PanelNode): void => {
    const known = indices.get(node.id);
    if (known !== undefined && list[known] === node) return;
    const index = known ?? list.length;
    indices.set(node.id, index);
    list[index] = node;
    journal.push(index);
  };
  for (const node of nodes) put(node);
  return { list, journal, indexOf: (id) => indices.get(id), put };
}
