import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { randomBytes } from 'node:crypto';

const ROOT = '0'.repeat(16);

/** A span that stands for another one that has begun: it has an id of its own, and the other one as its parent. */
function pendingSpan(span: ReadableSpan): ReadableSpan {
  const spanContext = { ...span.spanContext(), spanId: randomBytes(8).toString('hex') };
  const own = {
    spanContext: () => spanContext,
    parentSpanContext: span.spanContext(),
    endTime: span.startTime,
    ended: true,
    attributes: {
      ...span.attributes,
      'logfire.span_type': 'pending_span',
      'logfire.pending_parent_id': span.parentSpanContext?.spanId ?? ROOT,
    },
  };
  return Object.create(span, Object.getOwnPropertyDescriptors(own)) as ReadableSpan;
}

/**
 * Sends a span also when it begins, so that a step shows while it runs. OpenTelemetry alone exports a span when it has ended.
 * Attributes that are set after the beginning come with the end.
 */
export class PendingSpans implements SpanProcessor {
  /** @param next what sends them, such as a `BatchSpanProcessor` */
  constructor(private readonly next: SpanProcessor) {}

  onStart(span: Span, parent: Context): void {
    this.next.onStart(span, parent);
    this.next.onEnd(pendingSpan(span));
  }

  onEnd(span: ReadableSpan): void {
    this.next.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }
}
