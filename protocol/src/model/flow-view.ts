import type { FlowIdentifiedEvent, FlowStartEvent, FlowStatus } from '../events';
import { flowIdTime } from '../flow-id';
import type { CheckpointRecord, FlowRecord } from '../record-fields';
import type { FlowOutcome } from '../unended';
import type { Attributes } from '../values';
import type { FlowHead, FlowState } from './flow-state';
import { viewNode } from './node-state';
import { lastSeq, missingSeqs, type SeqSet } from './seq-set';

/** A flow as the panel gets it: the shape history has, whatever it was put together from. */
export interface FlowView {
  readonly flow: FlowRecord;
  /** By node id, which is the order in which they began. */
  readonly checkpoints: readonly CheckpointRecord[];
  /** Events that have not come yet, and that history does not have either. */
  readonly missing: SeqSet;
}

const NO_ATTRIBUTES: Attributes = {};

/** States are never changed in place, so a view is worth keeping as long as its state is. */
const views = new WeakMap<FlowState, FlowView>();

export function viewFlow(state: FlowState): FlowView {
  let view = views.get(state);
  if (view === undefined) {
    view = createView(state);
    views.set(state, view);
  }
  return view;
}

/** How a flow stands, which decides how its open nodes do. */
export type ViewedOutcome = FlowOutcome & { readonly flow_id: string };

function statusOf({ end, record }: FlowHead, seenSeq: number): FlowStatus {
  if (end !== null) return end.status;
  if (record === null) return 'running';
  // The bridge gave it up, and then it spoke again.
  if (record.status === 'lost' && seenSeq > record.last_seq) return 'running';
  return record.status;
}

/** @param seenSeq the highest number of an event that is known; -1 for none */
export function outcomeOf(flowId: string, head: FlowHead, seenSeq: number): ViewedOutcome {
  const { end, record } = head;
  const status = statusOf(head, seenSeq);
  return {
    flow_id: flowId,
    status,
    ended_ts: status === 'running' ? null : (end?.ts ?? record?.ended_ts ?? null),
    error: end?.error ?? record?.error ?? null,
  };
}

/** What is counted of a flow's nodes and events. */
export interface FlowCounts {
  readonly nodes: number;
  /** Nodes that failed. */
  readonly errors: number;
  /** The highest number of an event that is known; -1 for none. */
  readonly seenSeq: number;
}

/** Name and start of a flow as whoever knows them best says; null: nobody was told. */
function beginningOf(
  start: FlowStartEvent | null,
  named: FlowIdentifiedEvent | null,
  newer: FlowRecord | null,
): { name: string; startedTs: number } | null {
  if (newer !== null && newer.name !== '') return { name: newer.name, startedTs: newer.started_ts };
  if (named?.name !== undefined && named.started_ts !== undefined) {
    return { name: named.name, startedTs: named.started_ts };
  }
  return start && { name: start.name, startedTs: start.ts };
}

/** The flow as history would give it. */
export function recordOf(
  { flow_id: flowId, status, ended_ts, error }: ViewedOutcome,
  { start, identified, moved, named, end, record }: FlowHead,
  { nodes, errors, seenSeq }: FlowCounts,
): FlowRecord {
  // What history says is newer when it has read past the event that is known here.
  const recordAfter = (seq: number): FlowRecord | null => (record !== null && record.last_seq >= seq ? record : null);
  const newer = recordAfter(Math.max(identified?.seq ?? 0, moved?.seq ?? 0));
  // Without a name it has not read the start yet, and the session is a guess.
  const sessionId = newer?.name === '' ? null : newer?.session_id;
  const { name, startedTs } = beginningOf(start, named, recordAfter(named?.seq ?? 0)) ?? {
    name: record?.name ?? '',
    startedTs: record?.started_ts ?? flowIdTime(flowId),
  };
  // What history counts has its say as long as it knows of more checkpoints.
  const knowsMore = record !== null && record.checkpoint_count > nodes;
  return {
    flow_id: flowId,
    status,
    ended_ts,
    error,
    session_id: sessionId ?? moved?.session_id ?? start?.session_id ?? record?.session_id ?? flowId,
    user_id: newer?.user_id ?? identified?.user_id ?? start?.user_id ?? record?.user_id ?? null,
    name,
    service: start?.service ?? record?.service ?? '',
    instance: start?.instance ?? record?.instance ?? '',
    started_ts: startedTs,
    duration_ms: status === 'running' ? null : (end?.duration_ms ?? record?.duration_ms ?? null),
    http_status: end?.http_status ?? record?.http_status ?? null,
    trace_id: start?.trace_id ?? record?.trace_id ?? null,
    attributes: start?.attributes ?? record?.attributes ?? NO_ATTRIBUTES,
    checkpoint_count: Math.max(nodes, record?.checkpoint_count ?? 0),
    error_count: knowsMore ? Math.max(errors, record.error_count) : errors,
    input_tokens: record?.input_tokens ?? null,
    output_tokens: record?.output_tokens ?? null,
    last_seq: seenSeq,
  };
}

function createView(state: FlowState): FlowView {
  const seenSeq = lastSeq(state.seen);
  const outcome = outcomeOf(state.flowId, state, seenSeq);
  const checkpoints = [...state.nodes]
    .sort(([a], [b]) => a - b)
    .map(([nodeId, node]) => viewNode(outcome, nodeId, node));
  const errors = checkpoints.filter((checkpoint) => checkpoint.status === 'error').length;
  const flow = recordOf(outcome, state, { nodes: checkpoints.length, errors, seenSeq });
  return { flow, checkpoints, missing: missingSeqs(state.seen) };
}
