import type { Attributes } from '@flow-tracking/protocol';
import type { PanelNode } from './panel-flow';
import type { TraceSpan } from './trace-span';
import { textOf } from './trace-values';

/** What a span of a model or a tool is called among checkpoints, by `gen_ai.operation.name`. */
const GEN_AI_CHECKPOINTS: ReadonlyMap<string, string> = new Map([
  ['chat', 'llm_thinking'],
  ['text_completion', 'llm_thinking'],
  ['generate_content', 'llm_thinking'],
  ['execute_tool', 'tool_call'],
]);

/** Logfire's SDKs send such a span when one begins: its parent is the span itself. */
const PENDING = 'pending_span';

/** @returns the spans that have ended, and for those that have not, what is known of them since they began */
function settle(spans: readonly TraceSpan[]): { span: TraceSpan; isRunning: boolean }[] {
  const isPending = ({ tags }: TraceSpan): boolean => tags['logfire.span_type'] === PENDING;
  const settled = spans.filter((span) => !isPending(span)).map((span) => ({ span, isRunning: false }));
  const known = new Set(settled.map(({ span }) => span.spanId));
  for (const span of spans) {
    if (!isPending(span)) continue;
    const spanId = span.parentId ?? span.spanId;
    if (known.has(spanId)) continue;
    known.add(spanId);
    const parent = textOf(span.tags, 'logfire.pending_parent_id');
    const parentId = parent === null || /^0*$/.test(parent) ? null : parent;
    settled.push({ span: { ...span, spanId, parentId }, isRunning: true });
  }
  return settled;
}

function checkpointOf({ tags, operation }: TraceSpan): string {
  return GEN_AI_CHECKPOINTS.get(textOf(tags, 'gen_ai.operation.name') ?? '') ?? operation;
}

function attributesOfSpan(span: TraceSpan, checkpoint: string): Attributes {
  const { 'service.name': name, ...resource } = span.resource;
  return {
    ...span.tags,
    ...(span.service !== '' ? { 'service.name': span.service } : name !== undefined && { 'service.name': name }),
    ...(checkpoint !== span.operation && { 'span.name': span.operation }),
    ...span.rest,
    ...(Object.keys(resource).length > 0 && { resource }),
  };
}

function toNode(span: TraceSpan, id: string, parentId: string | null, isRunning: boolean): PanelNode {
  const checkpoint = checkpointOf(span);
  const { startedTs, durationMs } = span;
  return {
    id,
    parentId,
    checkpoint,
    status: isRunning ? 'running' : span.hasFailed === true ? 'error' : 'ok',
    startedTs,
    endedTs: isRunning || durationMs === null ? null : startedTs + durationMs,
    durationMs: isRunning ? null : durationMs,
    error: isRunning ? null : span.error,
    attributes: attributesOfSpan(span, checkpoint),
  };
}

/** The same span, as two queries give it, and not the other side of a call. */
function isSameSpan(a: TraceSpan, b: TraceSpan): boolean {
  return a.service === b.service && a.kind === b.kind;
}

/**
 * Nodes of one trace. Zipkin gives both sides of a call one span id: then the server's stands below the client's, and
 * what the server's process did below that.
 */
export function traceNodes(spans: readonly TraceSpan[]): { node: PanelNode; span: TraceSpan }[] {
  const sides = new Map<string, { span: TraceSpan; isRunning: boolean }[]>();
  for (const settled of settle(spans)) {
    const own = sides.get(settled.span.spanId) ?? [];
    if (!own.some(({ span }) => isSameSpan(span, settled.span))) own.push(settled);
    sides.set(settled.span.spanId, own);
  }
  const sideId = (spanId: string, side: number): string => (side === 0 ? spanId : `${spanId}/${side + 1}`);
  for (const own of sides.values()) {
    own.sort((a, b) => Number(a.span.kind === 'SERVER') - Number(b.span.kind === 'SERVER'));
  }
  const parentOf = ({ parentId, service }: TraceSpan): string | null => {
    if (parentId === null) return null;
    const own = sides.get(parentId) ?? [];
    return sideId(
      parentId,
      Math.max(0, own.length > 1 ? own.findLastIndex(({ span }) => span.service === service) : 0),
    );
  };
  return [...sides].flatMap(([spanId, own]) =>
    own.map(({ span, isRunning }, side) => {
      const parentId = side === 0 ? parentOf(span) : sideId(spanId, side - 1);
      return { node: toNode(span, sideId(spanId, side), parentId, isRunning), span };
    }),
  );
}
