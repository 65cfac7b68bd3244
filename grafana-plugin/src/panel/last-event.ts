import type { FlowNodes } from '../frames/flow-nodes';
import type { PanelFlow } from '../frames/panel-flow';

/** How far the nodes of a flow have been read, and the latest time in them: O(changed) as they grow. */
const latest = new WeakMap<FlowNodes, { read: number; ts: number }>();

function latestOfNodes(nodes: FlowNodes): number {
  const known = latest.get(nodes) ?? { read: 0, ts: 0 };
  latest.set(nodes, known);
  for (; known.read < nodes.journal.length; known.read++) {
    const node = nodes.list[nodes.journal[known.read] ?? -1];
    if (node !== undefined) known.ts = Math.max(known.ts, node.endedTs ?? node.startedTs);
  }
  return known.ts;
}

/** When the latest event that is known of these flows happened, epoch ms; null without flows. */
export function lastEventTs(flows: readonly PanelFlow[]): number | null {
  let ts: number | null = null;
  for (const { startedTs, durationMs, nodes } of flows) {
    ts = Math.max(ts ?? 0, startedTs + (durationMs ?? 0), latestOfNodes(nodes));
  }
  return ts;
}
