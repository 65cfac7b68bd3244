import type { ErrorInfo, FlowStatus } from '@flow-tracking/protocol';
import type { DataFrame } from '@grafana/data';
import type { Notice } from './meta';
import type { PanelNode } from './panel-flow';
import type { FlowSummary } from './read-rows';
import { traceNodes } from './trace-nodes';
import { spanReader, type TracePlace, type TraceSpan } from './trace-span';
import { textOf } from './trace-values';

/** A trace as a flow. */
export interface TraceFlow {
  readonly summary: FlowSummary;
  readonly nodes: readonly PanelNode[];
  /** Where its root stands, for the links that the dashboard puts there. */
  readonly place: TracePlace;
}

export interface ReadTraces {
  readonly traces: readonly TraceFlow[];
  readonly notices: readonly Notice[];
}

const SESSION = ['session.id', 'gen_ai.conversation.id'];
const USER = ['user.id', 'enduser.id'];
const HTTP_STATUS = ['http.response.status_code', 'http.status_code'];

type TraceNode = ReturnType<typeof traceNodes>[number];

/** The span that the others stand below: one without a parent before one whose parent is missing; the earliest. */
function rootOf(nodes: readonly TraceNode[]): TraceNode | null {
  const ids = new Set(nodes.map(({ node }) => node.id));
  const rank = ({ node }: TraceNode): number => (node.parentId === null ? 0 : ids.has(node.parentId) ? 2 : 1);
  return nodes.reduce<TraceNode | null>((best, candidate) => {
    if (best === null) return candidate;
    const order = rank(candidate) - rank(best) || candidate.node.startedTs - best.node.startedTs;
    return order < 0 ? candidate : best;
  }, null);
}

/** What a root says of itself counts; one that says neither ok nor error failed when anything in it did. */
function statusOf(root: TraceNode, nodes: readonly TraceNode[]): FlowStatus {
  if (nodes.some(({ node }) => node.status === 'running')) return 'running';
  const { hasFailed } = root.span;
  return (hasFailed ?? nodes.some(({ node }) => node.status === 'error')) ? 'error' : 'ok';
}

/** Why the span failed that ended first: those that it failed with end after it. */
function firstErrorOf(nodes: readonly TraceNode[]): ErrorInfo | null {
  const failed = nodes.filter(({ node }) => node.error !== null);
  const endOf = ({ node }: TraceNode): number => node.endedTs ?? node.startedTs;
  return failed.sort((a, b) => endOf(a) - endOf(b))[0]?.node.error ?? null;
}

/** Of the root, or else of the first span that says it. */
function toldBy(root: TraceNode, nodes: readonly TraceNode[], names: readonly string[]): string | null {
  for (const { span } of [root, ...nodes]) {
    const text = textOf(span.tags, ...names) ?? textOf(span.resource, ...names);
    if (text !== null) return text;
  }
  return null;
}

function toFlow(traceId: string, spans: readonly TraceSpan[]): TraceFlow | null {
  const nodes = traceNodes(spans);
  const root = rootOf(nodes);
  if (root === null) return null;
  const status = statusOf(root, nodes);
  let startedTs = Infinity;
  let endedTs = -Infinity;
  for (const { node } of nodes) {
    startedTs = Math.min(startedTs, node.startedTs);
    endedTs = Math.max(endedTs, node.endedTs ?? node.startedTs);
  }
  const { span } = root;
  const httpStatus = Number(textOf(span.tags, ...HTTP_STATUS) ?? NaN);
  const summary: FlowSummary = {
    id: traceId,
    sessionId: toldBy(root, nodes, SESSION),
    userId: toldBy(root, nodes, USER),
    name: span.operation,
    service: span.service,
    status,
    startedTs,
    durationMs: status === 'running' ? null : endedTs - startedTs,
    httpStatus: Number.isInteger(httpStatus) ? httpStatus : null,
    error: root.node.error ?? (status === 'error' ? firstErrorOf(nodes) : null),
    traceId,
    checkpointCount: nodes.length,
    errorCount: nodes.filter(({ node }) => node.status === 'error').length,
    missing: '',
    lastSeq: null,
    attributes: span.resource,
  };
  return { summary, nodes: nodes.map(({ node }) => node), place: span.place };
}

function skippedNotice(count: number): Notice {
  const text =
    count === 1
      ? '1 span is not shown: it lacks an id or a time.'
      : `${count} spans are not shown: they lack an id or a time.`;
  return { severity: 'warning', text };
}

/** Traces as Tempo, Jaeger, Zipkin and others give them to Grafana, a flow each. */
export function readTraces(frames: readonly DataFrame[]): ReadTraces {
  const byTrace = new Map<string, TraceSpan[]>();
  let skipped = 0;
  for (const [index, frame] of frames.entries()) {
    const readSpan = spanReader(frame, index);
    for (let row = 0; row < frame.length; row++) {
      const span = readSpan(row);
      if (span === null) {
        skipped++;
        continue;
      }
      const spans = byTrace.get(span.traceId);
      if (spans === undefined) byTrace.set(span.traceId, [span]);
      else spans.push(span);
    }
  }
  const traces = [...byTrace].map(([traceId, spans]) => toFlow(traceId, spans)).filter((trace) => trace !== null);
  return { traces, notices: skipped === 0 ? [] : [skippedNotice(skipped)] };
}
