import { SPAN_SESSION, SPAN_USER } from '@flow-tracking/protocol';
import type { Flow, FlowTracking } from '@flow-tracking/express';
import type { FlowSpan } from './span';

/** The flow of a trace that no flow of the application has. */
export interface TraceFlow {
  readonly flow: Flow;
  /** Takes user and session from a span, as far as it tells them. */
  identify(attributes: FlowSpan['attributes']): void;
  /** A span without a parent in this process begins. {@link rootEnded} must follow. */
  rootBegun(): void;
  /** The last one ends the flow. */
  rootEnded(): void;
}

export interface TraceFlows {
  /** Of a trace that goes on, else a new one that is named after the span. */
  open(span: FlowSpan): TraceFlow;
  clear(): void;
}

function firstOf(attributes: FlowSpan['attributes'], names: readonly string[]): string | undefined {
  const value = names.map((name) => attributes[name]).find((id) => typeof id === 'string' || typeof id === 'number');
  return value === undefined ? undefined : String(value);
}

export function createTraceFlows(tracking: Pick<FlowTracking, 'startFlow'>): TraceFlows {
  const flows = new Map<string, TraceFlow>();

  function begin(span: FlowSpan, traceId: string): TraceFlow {
    let userId = firstOf(span.attributes, SPAN_USER);
    let sessionId = firstOf(span.attributes, SPAN_SESSION);
    const flow = tracking.startFlow({ name: span.name, traceId, userId, sessionId });
    let roots = 0;
    return {
      flow,
      identify(attributes) {
        const user = firstOf(attributes, SPAN_USER) ?? userId;
        const session = firstOf(attributes, SPAN_SESSION) ?? sessionId;
        if (user === userId && session === sessionId) return;
        [userId, sessionId] = [user, session];
        if (user !== undefined) flow.identify({ userId: user, sessionId: session });
      },
      rootBegun() {
        roots += 1;
      },
      rootEnded() {
        roots -= 1;
        if (roots > 0) return;
        flows.delete(traceId);
        flow.end();
      },
    };
  }

  return {
    open(span) {
      const { traceId } = span.spanContext();
      const known = flows.get(traceId);
      if (known !== undefined) return known;
      const trace = begin(span, traceId);
      flows.set(traceId, trace);
      return trace;
    },
    clear() {
      flows.clear();
    },
  };
}
