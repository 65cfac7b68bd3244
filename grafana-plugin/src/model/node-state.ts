import type {
  Attributes,
  CheckpointEndEvent,
  CheckpointEvent,
  CheckpointRecord,
  CheckpointStatus,
  ErrorInfo,
} from '@flow-tracking/protocol';
import { joinAttributes, joinError, joinStatus, largerOrNull, overlayAttributes, smaller, smallerOrNull } from './join';

/** What is known of a node from its begin, or from its end. */
export interface NodeSide {
  readonly parentId: number | null;
  readonly checkpoint: string;
  readonly status: CheckpointStatus;
  readonly startedTs: number;
  readonly endedTs: number | null;
  readonly durationMs: number | null;
  readonly attributes: Attributes;
  readonly error: ErrorInfo | null;
  readonly endSeq: number | null;
}

/**
 * A node as its two sides, which are joined each for itself. The end wins over the begin only when the node is looked
 * at, so which of them came first does not matter.
 */
export interface NodeState {
  readonly begin: NodeSide | null;
  readonly end: NodeSide | null;
}

const NO_ATTRIBUTES: Attributes = {};

export function nodeOfBegin(event: CheckpointEvent): NodeState {
  return {
    begin: {
      parentId: event.parent_id,
      checkpoint: event.checkpoint,
      status: event.status,
      startedTs: event.ts,
      endedTs: null,
      durationMs: event.duration_ms ?? null,
      attributes: event.attributes ?? NO_ATTRIBUTES,
      error: event.error ?? null,
      endSeq: null,
    },
    end: null,
  };
}

export function nodeOfEnd(event: CheckpointEndEvent): NodeState {
  return {
    begin: null,
    end: {
      parentId: event.parent_id,
      checkpoint: event.checkpoint,
      status: event.status,
      startedTs: event.started_ts,
      endedTs: event.ts,
      durationMs: event.duration_ms,
      attributes: event.attributes ?? NO_ATTRIBUTES,
      error: event.error ?? null,
      endSeq: event.seq,
    },
  };
}

/** A record that knows the end holds the attributes of both sides, the end's winning: it is taken as an end. */
export function nodeOfRecord(record: CheckpointRecord): NodeState {
  const side: NodeSide = {
    parentId: record.parent_id,
    checkpoint: record.checkpoint,
    status: record.status,
    startedTs: record.started_ts,
    endedTs: record.ended_ts,
    durationMs: record.duration_ms,
    attributes: record.attributes,
    error: record.error,
    endSeq: record.end_seq,
  };
  return record.end_seq === null ? { begin: side, end: null } : { begin: null, end: side };
}

function joinSides(a: NodeSide | null, b: NodeSide | null): NodeSide | null {
  if (a === null) return b;
  if (b === null) return a;
  const joined: NodeSide = {
    parentId: smallerOrNull(a.parentId, b.parentId),
    checkpoint: smaller(a.checkpoint, b.checkpoint),
    status: joinStatus(a.status, b.status),
    startedTs: smaller(a.startedTs, b.startedTs),
    endedTs: largerOrNull(a.endedTs, b.endedTs),
    durationMs: largerOrNull(a.durationMs, b.durationMs),
    attributes: joinAttributes(a.attributes, b.attributes),
    error: joinError(a.error, b.error),
    endSeq: smallerOrNull(a.endSeq, b.endSeq),
  };
  const keys = Object.keys(joined) as (keyof NodeSide)[];
  return keys.every((key) => joined[key] === a[key]) ? a : joined;
}

/** Joins what is known of one node; the first is returned itself when the second adds nothing. */
export function joinNodes(a: NodeState, b: NodeState): NodeState {
  const begin = joinSides(a.begin, b.begin);
  const end = joinSides(a.end, b.end);
  return begin === a.begin && end === a.end ? a : { begin, end };
}

/** The node as history would give it. */
export function viewNode(flowId: string, nodeId: number, { begin, end }: NodeState): CheckpointRecord {
  const first = begin ?? end;
  const last = end ?? begin;
  if (first === null || last === null) throw new Error('node: expected a begin or an end, got neither');
  return {
    flow_id: flowId,
    node_id: nodeId,
    parent_id: first.parentId,
    checkpoint: first.checkpoint,
    status: last.status,
    started_ts: first.startedTs,
    ended_ts: last.endedTs,
    duration_ms: last.durationMs,
    attributes: begin !== null && end !== null ? overlayAttributes(begin.attributes, end.attributes) : last.attributes,
    error: last.error ?? first.error,
    end_seq: last.endSeq,
  };
}
