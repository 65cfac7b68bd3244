import { ATTRIBUTES, type Attributes } from '@flow-tracking/protocol';
import { createFlowNodes, type FlowNodesWriter } from '../../frames/flow-nodes';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { extentOf } from '../layout/flow-extent';
import { endOf } from '../layout/node-span';

/** A flow as it was at any time. */
export interface ReplayFlow {
  /** What is replayed, ms since the flow's start. */
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * The flow at a time, ms since its start. As time goes forward its nodes grow in place: O(changed); back in time they are
   * others. The same object as long as nothing changes.
   */
  at(ms: number): PanelFlow;
  /** When something changed last and when it changes next, ms since the flow's start; infinite where it does not. */
  around(ms: number): { readonly lastMs: number; readonly nextMs: number };
}

/** A node from a time on. */
interface Change {
  readonly ms: number;
  readonly index: number;
  readonly ends: boolean;
  readonly node: PanelNode;
}

/** What a step is asked to do is known when it begins; of other attributes nobody knows whether they were told then. */
const ASKED: readonly string[] = [ATTRIBUTES.toolName, ATTRIBUTES.requestModel];

function askedOf(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => ASKED.includes(name)));
}

/** As a node was told when it began. */
function begun(node: PanelNode): PanelNode {
  const attributes = askedOf(node.attributes);
  return { ...node, status: 'running', endedTs: null, durationMs: null, error: null, attributes };
}

/** An instant node is told at once, when it happened; one that never ended goes on for ever. */
function changesOf(flow: PanelFlow, toMs: number): Change[] {
  const changes: Change[] = [];
  flow.nodes.list.forEach((node, index) => {
    const startMs = node.startedTs - flow.startedTs;
    // At the very end a flow is as it is, whatever ran on.
    if (node.status === 'running') {
      changes.push({ ms: startMs, index, ends: false, node: begun(node) }, { ms: toMs, index, ends: true, node });
    } else if (node.endedTs === null) {
      changes.push({ ms: startMs, index, ends: false, node });
    } else {
      const endMs = endOf(node, node.startedTs) - flow.startedTs;
      if (endMs > startMs) changes.push({ ms: startMs, index, ends: false, node: begun(node) });
      changes.push({ ms: endMs, index, ends: true, node });
    }
  });
  // Of what happens at once, the node that was known first; it begins before it ends.
  return changes.sort((a, b) => a.ms - b.ms || a.index - b.index || Number(a.ends) - Number(b.ends));
}

export function createReplayFlow(flow: PanelFlow): ReplayFlow {
  const { fromMs, toMs } = extentOf(flow);
  // A sum of times may be a little less than its parts.
  const endMs = Math.min(flow.durationMs ?? toMs, toMs);
  const changes = changesOf(flow, toMs);
  let nodes: FlowNodesWriter = createFlowNodes();
  /** Changes that are in the nodes. */
  let taken = 0;
  let errorCount = 0;
  let shown: PanelFlow | null = null;

  /** How many changes there are up to a time. */
  const countAt = (ms: number): number => {
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((changes[middle]?.ms ?? 0) <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const flowWith = (hasEnded: boolean): PanelFlow => {
    if (hasEnded) return { ...flow, nodes };
    const checkpointCount = nodes.list.length;
    const open = { status: 'running', durationMs: null, httpStatus: null, error: null } as const;
    return { ...flow, ...open, checkpointCount, errorCount, nodes };
  };

  return {
    fromMs,
    toMs,
    at(ms) {
      const wanted = countAt(ms);
      const hasEnded = ms >= endMs;
      if (shown !== null && wanted === taken && hasEnded === (shown.status !== 'running')) return shown;
      if (wanted < taken) {
        nodes = createFlowNodes();
        taken = 0;
        errorCount = 0;
      }
      for (; taken < wanted; taken++) {
        const node = changes[taken]?.node;
        if (node === undefined) continue;
        nodes.put(node);
        if (node.status === 'error') errorCount++;
      }
      shown = flowWith(hasEnded);
      return shown;
    },
    around(ms) {
      const next = countAt(ms);
      return { lastMs: changes[next - 1]?.ms ?? fromMs, nextMs: changes[next]?.ms ?? Infinity };
    },
  };
}
