import type { PanelNode } from '../../frames/panel-flow';

/** When the node began, epoch ms. An instant one took its duration to get to its time. */
export function beginOf(node: PanelNode): number {
  const isInstant = node.endedTs === null && node.status !== 'running';
  return isInstant ? node.startedTs - (node.durationMs ?? 0) : node.startedTs;
}

/** When the node ended, epoch ms: `nowTs` while it runs, but never before it began. */
export function endOf(node: PanelNode, nowTs: number): number {
  if (node.status === 'running') return Math.max(node.startedTs, nowTs);
  if (node.endedTs === null) return node.startedTs;
  return node.startedTs + (node.durationMs ?? Math.max(0, node.endedTs - node.startedTs));
}
