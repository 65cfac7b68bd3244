import { ATTRIBUTES } from '../attributes';
import type { CheckpointEndEvent, CheckpointEvent, CheckpointStatus } from '../events';
import type { CheckpointRecord } from '../record-fields';
import { endByDeath, endByFlow, type DerivedEnd, type FlowOutcome } from '../unended';
import type { Attributes, ErrorInfo } from '../values';
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
  /** When its process died, as history says; it counts only while the node has no end, and its flow ended well. */
  readonly lostTs: number | null;
}

const NO_ATTRIBUTES: Attributes = {};
const UNENDED: Attributes = { [ATTRIBUTES.unended]: true };

function nodeOfBegin(event: CheckpointEvent): NodeState {
  return {
    begin: {
      parentId: event.parent_id,
      checkpoint: event.checkpoint,
      status: event.status,
      startedTs: event.ts,
      endedTs: null,
      durationMs: event.duration_ms ?? null,
      attributes: event.attributes ?? NO_ATTRIBUTES,
      // What runs has not failed yet.
      error: event.status === 'running' ? null : (event.error ?? null),
      endSeq: null,
    },
    end: null,
    lostTs: null,
  };
}

function nodeOfEnd(event: CheckpointEndEvent): NodeState {
  return {
    begin: null,
    lostTs: null,
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

/** What one event says of its node. */
export function nodeOfEvent(event: CheckpointEvent | CheckpointEndEvent): NodeState {
  return event.type === 'checkpoint' ? nodeOfBegin(event) : nodeOfEnd(event);
}

/** An end that history derived from the flow's: only that has a time and no number. */
function isUnended({ ended_ts: endedTs, end_seq: endSeq }: CheckpointRecord): boolean {
  return endedTs !== null && endSeq === null;
}

/** What the begin of a node said that has no end of its own. Its flow's end is looked at when the node is. */
function nodeOfUnended(record: CheckpointRecord): NodeState {
  const attributes = { ...record.attributes };
  delete attributes[ATTRIBUTES.unended];
  const begin: NodeSide = {
    parentId: record.parent_id,
    checkpoint: record.checkpoint,
    status: 'running',
    startedTs: record.started_ts,
    endedTs: null,
    durationMs: null,
    attributes,
    error: null,
    endSeq: null,
  };
  return { begin, end: null, lostTs: record.status === 'lost' ? record.ended_ts : null };
}

/** A record that knows the end holds the attributes of both sides, the end's winning: it is taken as an end. */
export function nodeOfRecord(record: CheckpointRecord): NodeState {
  if (isUnended(record)) return nodeOfUnended(record);
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
  return { begin: record.end_seq === null ? side : null, end: record.end_seq === null ? null : side, lostTs: null };
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
  const lostTs = largerOrNull(a.lostTs, b.lostTs);
  return begin === a.begin && end === a.end && lostTs === a.lostTs ? a : { begin, end, lostTs };
}

/** Has begun and not ended: how it stands is up to its flow. */
export function isOpen({ begin, end }: NodeState): boolean {
  return begin?.status === 'running' && end === null;
}

/** The end that a node without one has by its flow, or by the death of its process. */
function derivedEnd(flow: FlowOutcome, node: NodeState): DerivedEnd | null {
  const { begin, lostTs } = node;
  if (begin === null || !isOpen(node)) return null;
  const isLost = flow.status === 'ok' && lostTs !== null;
  return isLost ? endByDeath(lostTs, begin.startedTs) : endByFlow(flow, begin.startedTs);
}

/** The node as history would give it. */
export function viewNode(flow: FlowOutcome & { flow_id: string }, nodeId: number, node: NodeState): CheckpointRecord {
  const { begin, end } = node;
  const first = begin ?? end;
  if (first === null) throw new Error('node: expected a begin or an end, got neither');
  const last = end ?? first;
  const derived = derivedEnd(flow, node);
  const record: CheckpointRecord = {
    flow_id: flow.flow_id,
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
  if (derived === null) return record;
  return { ...record, ...derived, attributes: overlayAttributes(last.attributes, UNENDED) };
}
