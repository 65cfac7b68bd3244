import type { PanelFlow } from '../../frames/panel-flow';
import { beginOf, endOf } from './node-span';

/** What a flow's nodes span, ms since its start. */
export interface FlowExtent {
  readonly fromMs: number;
  readonly toMs: number;
  /** From the flow's start to its first checkpoint. */
  readonly queuedMs: number;
  readonly isRunning: boolean;
}

/** What runs lasts no longer than it is known to have lasted. */
export function extentOf(flow: PanelFlow): FlowExtent {
  let firstTs = Infinity;
  let lastTs = flow.startedTs + (flow.durationMs ?? 0);
  let isRunning = flow.status === 'running';
  for (const node of flow.nodes.list) {
    firstTs = Math.min(firstTs, beginOf(node));
    lastTs = Math.max(lastTs, endOf(node, node.startedTs));
    isRunning ||= node.status === 'running';
  }
  const firstMs = firstTs === Infinity ? 0 : firstTs - flow.startedTs;
  const fromMs = Math.min(0, firstMs);
  return {
    fromMs,
    toMs: Math.max(lastTs - flow.startedTs, fromMs + 1),
    queuedMs: Math.max(0, firstMs),
    isRunning,
  };
}
