import { AsyncResource } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { checkpointOfSpan, conventionAttributes, toldCheckpoint } from '@flow-tracking/protocol';
import type { BeginOptions, CheckpointParent, TimedCheckpoint } from '@flow-tracking/express';
import { quietly } from '../shared/quietly';
import { type FlowSpan, startedAtOf } from './span';
import { isContent } from './span-content';

/** The checkpoint of a span, which may begin a moment after the span. */
export interface SpanCheckpoint {
  /** Begins it, if that has not happened. */
  begun(): TimedCheckpoint;
  /** What the span tells by now, and did not when its checkpoint began. */
  news(): Record<string, unknown>;
}

/** The clocks of OpenTelemetry and of the recorder differ by less. A start farther back was given by the application. */
const EARLIER_MS = 5;
/** As long as a microtask may take that nothing holds up. */
const LATE_MS = 1;

/** @param hasContent false: without what was said. @returns in the conventions' words, too */
function keptAttributes(name: string, span: FlowSpan, hasContent: boolean): Record<string, unknown> {
  // First: what is too much is cut from the end.
  const all = { ...conventionAttributes(name, span.attributes), ...span.attributes };
  return hasContent ? all : Object.fromEntries(Object.entries(all).filter(([attribute]) => !isContent(attribute)));
}

/**
 * Begins the checkpoint of a span that has just started. If its attributes do not tell what it is, it begins a microtask later,
 * in the same async context: OpenInference and Traceloop set them right after the start.
 *
 * @param parent called when it begins
 */
export function beginSpanCheckpoint(
  span: FlowSpan,
  parent: () => CheckpointParent,
  hasContent: boolean,
): SpanCheckpoint {
  const startedMs = performance.now();
  let name = '';
  let sent: Record<string, unknown> = {};
  let checkpoint: TimedCheckpoint | undefined;

  /** When the span has started, unless that is now. */
  function startOf(): BeginOptions | undefined {
    const nowTs = Date.now();
    const toldTs = startedAtOf(span);
    if (toldTs < nowTs - EARLIER_MS) return { startedAt: toldTs };
    const lateMs = performance.now() - startedMs;
    return lateMs > LATE_MS ? { startedAt: nowTs - lateMs } : undefined;
  }

  function begin(): TimedCheckpoint {
    name = checkpointOfSpan(span.name, span.attributes);
    sent = keptAttributes(name, span, hasContent);
    return parent().begin(name, sent, startOf());
  }

  let begun: () => TimedCheckpoint;
  if (toldCheckpoint(span.attributes) === undefined) {
    const beginLater = AsyncResource.bind(begin);
    begun = () => (checkpoint ??= beginLater());
    queueMicrotask(() => quietly(begun));
  } else {
    const checkpointNow = begin();
    begun = () => checkpointNow;
  }
  return {
    begun,
    news() {
      const known = keptAttributes(name, span, hasContent);
      return Object.fromEntries(Object.entries(known).filter(([attribute, value]) => sent[attribute] !== value));
    },
  };
}
