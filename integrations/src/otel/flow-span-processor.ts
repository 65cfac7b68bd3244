import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { Flow, FlowTracking } from '@flow-tracking/express';
import { currentFlow } from '../shared/current-flow';
import type { ContentOptions } from '../shared/options';
import { quietly } from '../shared/quietly';
import { stepsOf } from './ai-sdk-steps';
import { errorOf, type FlowSpan, isHttpRequest, parentIdOf } from './span';
import { beginSpanCheckpoint, type SpanCheckpoint } from './span-checkpoint';
import { createTraceFlows, type TraceFlow, type TraceFlows } from './trace-flows';

export interface FlowSpanProcessorOptions extends ContentOptions {
  /**
   * What `flowTracking()` returned. With it, spans outside of any flow are recorded, too: each trace is a flow.
   *
   * @default undefined: only spans within a flow are recorded
   */
  tracking?: Pick<FlowTracking, 'startFlow' | 'flush'> | undefined;

  /** False for a span that is not to be recorded. What is below it moves up. @default every span is recorded */
  spans?: ((span: FlowSpan) => boolean) | undefined;

  /**
   * Also records the spans of incoming HTTP requests, for servers without the middleware. Without it, such a span and what is
   * outside of a flow below it are left to the middleware, which has a flow for the request.
   *
   * @default false
   */
  httpRequests?: boolean | undefined;
}

/** What is known of a span until it ends. */
interface OpenSpan {
  readonly span: FlowSpan;
  /** Undefined: it is left to the middleware, with what is below it and outside of a flow. */
  readonly flow: Flow | undefined;
  /** Of itself, or of the nearest span above that has one. */
  readonly checkpoint?: SpanCheckpoint | undefined;
  /** The checkpoint is its own. */
  readonly isRecorded?: boolean;
  /** Undefined: its flow is one of the application. */
  readonly trace?: TraceFlow | undefined;
  /** It is the first of its trace here. */
  readonly isRoot?: boolean;
}

/** Spans that have not ended. Beyond it the oldest is forgotten: whoever began it has probably lost it. */
const MAX_OPEN = 10_000;

/**
 * A span processor for OpenTelemetry's Node SDK. The start of a span begins a checkpoint in the flow that the calling code
 * serves, and the end of the span ends it.
 */
export class FlowSpanProcessor {
  private readonly open = new Map<string, OpenSpan>();
  private readonly traces: TraceFlows | undefined;
  private isShut = false;

  constructor(private readonly options: FlowSpanProcessorOptions = {}) {
    this.traces = options.tracking === undefined ? undefined : createTraceFlows(options.tracking);
  }

  onStart(span: FlowSpan): void {
    if (this.isShut) return;
    const begun = quietly(() => this.begin(span));
    if (begun === undefined) return;
    this.open.set(span.spanContext().spanId, begun);
    if (this.open.size <= MAX_OPEN) return;
    const [oldest] = this.open;
    if (oldest !== undefined) this.forget(...oldest);
  }

  onEnd(span: FlowSpan): void {
    const { spanId } = span.spanContext();
    const open = this.open.get(spanId);
    if (open === undefined) return;
    quietly(() => {
      this.endSteps(span);
      this.end(span, open);
    });
    this.forget(spanId, open);
  }

  /** With the option `tracking`, resolves when what was recorded is in Redis. Never rejects. */
  async forceFlush(): Promise<void> {
    await this.options.tracking?.flush();
  }

  /** Records no further span, and flushes. It does not close `tracking`, which is the application's. */
  async shutdown(): Promise<void> {
    this.isShut = true;
    this.open.clear();
    this.traces?.clear();
    await this.forceFlush();
  }

  /** @returns what to remember; undefined: nothing */
  private begin(span: FlowSpan): OpenSpan | undefined {
    const above = this.open.get(parentIdOf(span) ?? '');
    const current = currentFlow();
    const flow = current ?? above?.flow;
    if (flow === undefined) return this.beginTrace(span, above !== undefined);
    const parent = above?.flow === flow ? above.checkpoint : undefined;
    const trace = current === undefined ? above?.trace : undefined;
    if (!this.isWanted(span)) return { span, flow, checkpoint: parent, trace };
    return { span, flow, trace, ...this.beginCheckpoint(span, flow, parent) };
  }

  private beginTrace(span: FlowSpan, isBelow: boolean): OpenSpan | undefined {
    if (isBelow || (isHttpRequest(span) && this.options.httpRequests !== true)) return { span, flow: undefined };
    if (this.traces === undefined || !this.isWanted(span)) return undefined;
    const trace = this.traces.open(span);
    trace.rootBegun();
    return { span, flow: trace.flow, trace, isRoot: true, ...this.beginCheckpoint(span, trace.flow, undefined) };
  }

  private beginCheckpoint(
    span: FlowSpan,
    flow: Flow,
    parent: SpanCheckpoint | undefined,
  ): Pick<OpenSpan, 'checkpoint' | 'isRecorded'> {
    const hasContent = this.options.content === true;
    return {
      checkpoint: beginSpanCheckpoint(span, () => parent?.begun() ?? flow, hasContent),
      isRecorded: true,
    };
  }

  private end(span: FlowSpan, { flow, checkpoint, isRecorded, trace, isRoot }: OpenSpan): void {
    trace?.identify(span.attributes);
    if (checkpoint === undefined || isRecorded !== true) return;
    const begun = checkpoint.begun();
    const error = errorOf(span);
    if (error === undefined) begun.end(checkpoint.news());
    // What fails because the client has left ends with its flow, as aborted.
    else if (flow?.signal.aborted !== true) begun.fail(error, checkpoint.news());
    if (error !== undefined && isRoot === true) flow?.fail(error);
  }

  /** Ends what the AI SDK leaves open below a call that has ended. */
  private endSteps(call: FlowSpan): void {
    for (const [spanId, { flow, checkpoint, isRecorded }] of stepsOf(call, this.open)) {
      this.open.delete(spanId);
      // When the client has left, it ends with its flow, as aborted.
      if (isRecorded !== true || flow?.signal.aborted === true) continue;
      checkpoint?.begun().end({ ...checkpoint.news(), [ATTRIBUTES.aborted]: true });
    }
  }

  private forget(spanId: string, open: OpenSpan): void {
    this.open.delete(spanId);
    if (open.isRoot === true) open.trace?.rootEnded();
  }

  private isWanted(span: FlowSpan): boolean {
    return quietly(() => this.options.spans?.(span)) !== false;
  }
}
