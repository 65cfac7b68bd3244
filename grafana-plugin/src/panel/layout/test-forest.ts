import { createFlowNodes, type FlowNodesWriter } from '../../frames/flow-nodes';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { createForest, type Forest } from './forest';

/** A node for tests, which began `id` ms after the first. */
export function testNode(id: number, parentId: number | null, more: Partial<PanelNode> = {}): PanelNode {
  return {
    id: `${id}`,
    parentId: parentId === null ? null : `${parentId}`,
    checkpoint: 'step',
    status: 'ok',
    startedTs: 1_000 + id,
    endedTs: null,
    durationMs: 1,
    error: null,
    attributes: {},
    ...more,
  };
}

/** A forest of nodes 0, 1, 2, … with these parents. */
export function testForest(parents: readonly (number | null)[]): { nodes: FlowNodesWriter; forest: Forest } {
  const nodes = createFlowNodes(parents.map((parent, id) => testNode(id, parent)));
  const forest = createForest(nodes);
  forest.update();
  return { nodes, forest };
}

/** A flow of such nodes for tests, which ended well after a second. */
export function testFlow(nodes: Iterable<PanelNode>, more: Partial<PanelFlow> = {}): PanelFlow {
  const own = createFlowNodes(nodes);
  return {
    id: 'flow',
    sessionId: null,
    userId: null,
    name: 'POST /ask',
    service: 'chat',
    status: 'ok',
    startedTs: 1_000,
    durationMs: 1_000,
    httpStatus: null,
    error: null,
    traceId: null,
    checkpointCount: own.list.length,
    errorCount: 0,
    missing: '',
    lastSeq: null,
    attributes: {},
    nodes: own,
    links: () => [],
    ...more,
  };
}
