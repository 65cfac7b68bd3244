import { ATTRIBUTES, type CheckpointEndEvent, type CheckpointEvent, type FlowEvent } from '@flow-tracking/protocol';
import { cleanText } from '../platform/postgres/clean-json';
import { flowDay } from '../platform/postgres/flow-key';
import { tokensOf } from './call-facts';
import type { CheckpointRow, FlowRow } from './rows';

/** The rows that a batch of events comes to: one a flow, one a node, sorted by key. */
export interface MergedEvents {
  flows: FlowRow[];
  checkpoints: CheckpointRow[];
}

/** A statement can't touch a row twice, so the events of a batch are merged per row first. Any order gives the same. */
export function mergeEvents(events: readonly FlowEvent[]): MergedEvents {
  const flows = new Map<string, FlowRow>();
  const checkpoints = new Map<string, CheckpointRow>();
  for (const event of events) {
    const flow = flows.get(event.flow_id) ?? emptyFlow(event);
    flows.set(event.flow_id, flow);
    applyToFlow(flow, event);
    if (event.type !== 'checkpoint' && event.type !== 'checkpoint_end') continue;
    const key = `${event.flow_id}:${event.node_id}`;
    const known = checkpoints.get(key);
    if (known === undefined) checkpoints.set(key, checkpointRow(flow.flowDay, event));
    else applyToCheckpoint(known, checkpointRow(flow.flowDay, event));
  }
  for (const checkpoint of checkpoints.values()) {
    const flow = flows.get(checkpoint.flowId);
    if (flow !== undefined) count(flow, checkpoint);
  }
  return {
    flows: [...flows.values()].sort((a, b) => compare(a.flowId, b.flowId)),
    checkpoints: [...checkpoints.values()].sort((a, b) => compare(a.flowId, b.flowId) || a.nodeId - b.nodeId),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function emptyFlow(event: FlowEvent): FlowRow {
  return {
    flowDay: flowDay(event.flow_id),
    flowId: event.flow_id,
    sessionId: event.flow_id,
    sessionSeq: -1,
    userId: null,
    userSeq: -1,
    name: '',
    service: '',
    instance: '',
    status: 'running',
    startedTs: event.ts,
    endedTs: null,
    durationMs: null,
    httpStatus: null,
    error: null,
    traceId: null,
    attributes: {},
    checkpointCount: 0,
    errorCount: 0,
    inputTokens: null,
    outputTokens: null,
    lastSeq: event.seq,
    lastEventTs: event.ts,
  };
}

function applyToFlow(flow: FlowRow, event: FlowEvent): void {
  flow.lastSeq = Math.max(flow.lastSeq, event.seq);
  flow.lastEventTs = Math.max(flow.lastEventTs, event.ts);
  if (event.type === 'flow_start') {
    flow.name = event.name;
    flow.service = event.service;
    flow.instance = event.instance;
    flow.startedTs = event.ts;
    flow.traceId = event.trace_id ?? null;
    flow.attributes = event.attributes ?? {};
  } else if (flow.name === '') {
    flow.startedTs = Math.min(flow.startedTs, event.ts);
  }
  if (event.type === 'flow_start' || event.type === 'flow_identified') {
    if (event.session_id !== undefined && event.seq > flow.sessionSeq) {
      flow.sessionId = event.session_id;
      flow.sessionSeq = event.seq;
    }
    if (event.user_id !== undefined && event.seq > flow.userSeq) {
      flow.userId = event.user_id;
      flow.userSeq = event.seq;
    }
  } else if (event.type === 'flow_end') {
    flow.status = event.status;
    flow.endedTs = event.ts;
    flow.durationMs = event.duration_ms;
    flow.httpStatus = event.http_status ?? null;
    flow.error = event.error ?? null;
  }
}

function count(flow: FlowRow, checkpoint: CheckpointRow): void {
  flow.checkpointCount += 1;
  if (checkpoint.status === 'error') flow.errorCount += 1;
  flow.inputTokens = sum(flow.inputTokens, checkpoint.inputTokens);
  flow.outputTokens = sum(flow.outputTokens, checkpoint.outputTokens);
}

/** Of two values that may be unknown; unknown only when both are. */
function sum(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

function checkpointRow(day: string, event: CheckpointEvent | CheckpointEndEvent): CheckpointRow {
  const isEnd = event.type === 'checkpoint_end';
  return {
    flowDay: day,
    flowId: event.flow_id,
    nodeId: event.node_id,
    parentId: event.parent_id,
    // Statistics and metrics have the name that history has.
    checkpoint: cleanText(event.checkpoint),
    status: event.status,
    startedTs: isEnd ? event.started_ts : event.ts,
    endedTs: isEnd ? event.ts : null,
    durationMs: event.duration_ms ?? null,
    attributes: event.attributes ?? {},
    // What runs has not failed yet.
    error: event.status === 'running' ? null : (event.error ?? null),
    inputTokens: tokensOf(event.attributes, ATTRIBUTES.inputTokens),
    outputTokens: tokensOf(event.attributes, ATTRIBUTES.outputTokens),
    endSeq: isEnd ? event.seq : null,
  };
}

/** Merges two halves of one node as the upsert does: what an end says is final. */
function applyToCheckpoint(known: CheckpointRow, other: CheckpointRow): void {
  const [begin, end] = other.endSeq === null ? [other, known] : [known, other];
  Object.assign(known, {
    status: end.status === 'running' ? begin.status : end.status,
    endedTs: end.endedTs ?? begin.endedTs,
    durationMs: end.durationMs ?? begin.durationMs,
    attributes: { ...begin.attributes, ...end.attributes },
    error: end.error ?? begin.error,
    inputTokens: end.inputTokens ?? begin.inputTokens,
    outputTokens: end.outputTokens ?? begin.outputTokens,
    endSeq: end.endSeq ?? begin.endSeq,
  });
}
