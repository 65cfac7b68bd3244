import type { PanelFlow, PanelNode } from '../frames/panel-flow';

/** Begin and end of a node, ms since the flow's start. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A running node lasts until now; an instant one took its duration to get to its time. */
export function spanOf(node: PanelNode, flow: PanelFlow, nowTs: number): Span {
  const at = node.startedTs - flow.startedTs;
  if (node.status === 'running') return { fromMs: at, toMs: Math.max(at, nowTs - flow.startedTs) };
  if (node.endedTs === null) return { fromMs: at - (node.durationMs ?? 0), toMs: at };
  return { fromMs: at, toMs: at + (node.durationMs ?? node.endedTs - node.startedTs) };
}

const STEPS = [1, 2, 5];

/** Round steps for an axis of this length: about `count` of them, at least two. */
export function axisTicks(lengthMs: number, count: number): number[] {
  const rough = Math.max(lengthMs, 1) / Math.max(count, 2);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((candidate) => candidate * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let i = 0; i * step <= lengthMs; i++) ticks.push(i * step);
  return ticks;
}

/** The time that a timeline of the flow spans, ms since its start. */
export function timelineRange(flow: PanelFlow, nowTs: number): Span {
  let fromMs = 0;
  let toMs = flow.status === 'running' ? nowTs - flow.startedTs : (flow.durationMs ?? 0);
  for (const node of flow.nodes.list) {
    const span = spanOf(node, flow, nowTs);
    if (span.fromMs < fromMs) fromMs = span.fromMs;
    if (span.toMs > toMs) toMs = span.toMs;
  }
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}
