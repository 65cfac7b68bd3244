import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { extentOf } from '../layout/flow-extent';
import { NONE, type Forest } from '../layout/forest';
import { beginOf, endOf } from '../layout/node-span';

/** Whether a node takes time of its own, rather than being a point. */
export function isTimed({ endedTs, status }: PanelNode): boolean {
  return endedTs !== null || status === 'running';
}

/** What a flow spans, ms since its start. What runs is counted up to now: that needs no look at its nodes. */
export function spanOf(flow: PanelFlow, nowTs: number): { readonly fromMs: number; readonly toMs: number } {
  if (flow.status === 'running') return { fromMs: 0, toMs: Math.max(1, nowTs - flow.startedTs) };
  const { fromMs, toMs, isRunning } = extentOf(flow);
  return { fromMs, toMs: isRunning ? Math.max(toMs, nowTs - flow.startedTs) : toMs };
}

/** Where a node lies in its flow, 0 to 1. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

export function placeIn(
  span: { fromMs: number; toMs: number },
  flow: PanelFlow,
  node: PanelNode,
  nowTs: number,
): Place {
  const length = span.toMs - span.fromMs;
  const part = (ts: number): number => Math.min(1, Math.max(0, (ts - flow.startedTs - span.fromMs) / length));
  const from = part(beginOf(node));
  return { from, to: Math.max(from, part(endOf(node, nowTs))) };
}

/**
 * How long a node worked itself: without the time in which one of its timed children did. An instant child says what led up
 * to it, which is its parent's own time.
 *
 * @returns null when no child takes time; O(children log children)
 */
export function selfTimeMs(forest: Forest, index: number, nowTs: number): number | null {
  const node = forest.nodes.list[index];
  if (node === undefined || !isTimed(node)) return null;
  const [beginTs, endTs] = [beginOf(node), endOf(node, nowTs)];
  const stretches: [number, number][] = [];
  for (let child = forest.firstChildOf(index); child !== NONE; child = forest.nextSiblingOf(child)) {
    const below = forest.nodes.list[child];
    if (below !== undefined && isTimed(below)) stretches.push([beginOf(below), Math.min(endTs, endOf(below, nowTs))]);
  }
  if (stretches.length === 0) return null;
  stretches.sort(([a], [b]) => a - b);
  let selfMs = 0;
  let upTo = beginTs;
  for (const [from, to] of stretches) {
    if (from > upTo) selfMs += Math.min(from, endTs) - upTo;
    upTo = Math.max(upTo, Math.min(to, endTs), Math.min(from, endTs));
  }
  return selfMs + Math.max(0, endTs - upTo);
}

/** `34 %`, `under 1 %`, `0 %`, `100 %`. */
export function formatShare(share: number): string {
  const percent = share > 0 ? Math.min(1, share) * 100 : 0;
  if (percent > 0 && percent < 0.95) return t('details.share-under-a-percent');
  return t('format.percent', { percent: Math.round(percent) });
}
