import {
  ATTRIBUTES,
  endByFlow,
  type Attributes,
  type CheckpointEndEvent,
  type CheckpointEvent,
  type CheckpointStatus,
  type ErrorInfo,
  type FlowEndEvent,
  type FlowEvent,
  type FlowStatus,
} from '@flow-tracking/protocol';

/** A checkpoint as it was recorded. */
export interface TestCheckpoint {
  name: string;
  /** `aborted` and `timed_out`: it was open when its flow ended so. */
  status: CheckpointStatus;
  /** Of its begin and its end. With `flow.unended: true` the application never ended it, and its flow's end did. */
  attributes: Attributes;
  error: ErrorInfo | null;
  /** Null while it runs. */
  durationMs: number | null;
  /** What was recorded under it, in order. */
  checkpoints: TestCheckpoint[];
}

/** A flow as it was recorded. */
export interface TestFlow {
  id: string;
  /** `POST /ask/:id`. */
  name: string;
  status: Exclude<FlowStatus, 'lost'>;
  userId: string | null;
  /** The flow's own id when the application gave no session. */
  sessionId: string;
  traceId: string | null;
  httpStatus: number | null;
  attributes: Attributes;
  error: ErrorInfo | null;
  /** Null while it runs. */
  durationMs: number | null;
  checkpoints: TestCheckpoint[];
}

interface Node {
  begin: CheckpointEvent | undefined;
  end: CheckpointEndEvent | undefined;
}

/** The tree of one flow. @param events all that were recorded of it, in order, with its `flow_start` */
export function flowTree(events: readonly FlowEvent[]): TestFlow {
  const flow: TestFlow = {
    id: '',
    name: '',
    status: 'running',
    userId: null,
    sessionId: '',
    traceId: null,
    httpStatus: null,
    attributes: {},
    error: null,
    durationMs: null,
    checkpoints: [],
  };
  const nodes = new Map<number, Node>();
  let flowEnd: FlowEndEvent | undefined;
  for (const event of events) {
    switch (event.type) {
      case 'flow_start':
        flow.id = event.flow_id;
        flow.name = event.name;
        flow.userId = event.user_id ?? null;
        flow.sessionId = event.session_id;
        flow.traceId = event.trace_id ?? null;
        flow.attributes = event.attributes ?? {};
        break;
      case 'flow_identified':
        flow.userId = event.user_id ?? flow.userId;
        flow.sessionId = event.session_id ?? flow.sessionId;
        break;
      case 'checkpoint':
        nodes.set(event.node_id, { begin: event, end: undefined });
        break;
      case 'checkpoint_end':
        nodes.set(event.node_id, { begin: nodes.get(event.node_id)?.begin, end: event });
        break;
      case 'flow_end':
        flowEnd = event;
        flow.status = event.status;
        flow.httpStatus = event.http_status ?? null;
        flow.error = event.error ?? null;
        flow.durationMs = event.duration_ms;
        break;
    }
  }
  flow.checkpoints = checkpointsOf(nodes, flowEnd);
  return flow;
}

function checkpointsOf(nodes: ReadonlyMap<number, Node>, flowEnd: FlowEndEvent | undefined): TestCheckpoint[] {
  const top: TestCheckpoint[] = [];
  const made = new Map<number, TestCheckpoint>();
  for (const [nodeId, node] of nodes) {
    const event = node.begin ?? node.end;
    if (event === undefined) continue;
    const checkpoint = checkpointOf(node, flowEnd);
    made.set(nodeId, checkpoint);
    const parent = event.parent_id === null ? undefined : made.get(event.parent_id);
    (parent?.checkpoints ?? top).push(checkpoint);
  }
  return top;
}

function checkpointOf({ begin, end }: Node, flowEnd: FlowEndEvent | undefined): TestCheckpoint {
  const last = end ?? begin;
  const checkpoint: TestCheckpoint = {
    name: last?.checkpoint ?? '',
    status: last?.status ?? 'running',
    attributes: { ...begin?.attributes, ...end?.attributes },
    error: last?.error ?? null,
    durationMs: last?.duration_ms ?? null,
    checkpoints: [],
  };
  // What is still open goes on after a flow that ended well, and ends with one that did not.
  if (checkpoint.status !== 'running' || begin === undefined || flowEnd === undefined) return checkpoint;
  const outcome = { status: flowEnd.status, ended_ts: flowEnd.ts, error: flowEnd.error ?? null };
  const derived = endByFlow(outcome, begin.ts);
  if (derived === null) return checkpoint;
  const { status, error, duration_ms: durationMs } = derived;
  return {
    ...checkpoint,
    status,
    error,
    durationMs,
    attributes: { ...checkpoint.attributes, [ATTRIBUTES.unended]: true },
  };
}
