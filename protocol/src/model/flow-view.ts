import type { FlowStatus } from '../events';
import { flowIdTime } from '../flow-id';
import type { CheckpointRecord, FlowRecord } from '../http';
import type { FlowState } from './flow-state';
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

function statusOf({ end, record, seen }: FlowState): FlowStatus {
  if (end !== null) return end.status;
  if (record === null || record.status === 'running') return 'running';
  // The bridge gave it up, and then it spoke again.
  if (record.status === 'lost' && lastSeq(seen) > record.last_seq) return 'running';
  return record.status;
}

function createView(state: FlowState): FlowView {
  const { flowId, start, identified, end, record, seen } = state;
  // What history says of user and session is newer when it has read past the event that is known here.
  const newer = record !== null && record.last_seq >= (identified?.seq ?? 0) ? record : null;
  // Without a name it has not read the start yet, and the session is a guess.
  const sessionId = newer?.name === '' ? null : newer?.session_id;
  const startedTs = start?.ts ?? record?.started_ts ?? flowIdTime(flowId);
  const status = statusOf(state);
  const ended = status !== 'running';
  const outcome = {
    flow_id: flowId,
    status,
    ended_ts: ended ? (end?.ts ?? record?.ended_ts ?? null) : null,
    error: end?.error ?? record?.error ?? null,
  };
  const checkpoints = [...state.nodes]
    .sort(([a], [b]) => a - b)
    .map(([nodeId, node]) => viewNode(outcome, nodeId, node));
  const flow: FlowRecord = {
    ...outcome,
    session_id: sessionId ?? identified?.session_id ?? start?.session_id ?? record?.session_id ?? flowId,
    user_id: newer?.user_id ?? identified?.user_id ?? start?.user_id ?? record?.user_id ?? null,
    name: start?.name ?? record?.name ?? '',
    service: start?.service ?? record?.service ?? '',
    instance: start?.instance ?? record?.instance ?? '',
    started_ts: startedTs,
    duration_ms: ended ? (end?.duration_ms ?? record?.duration_ms ?? null) : null,
    http_status: end?.http_status ?? record?.http_status ?? null,
    trace_id: start?.trace_id ?? record?.trace_id ?? null,
    attributes: start?.attributes ?? record?.attributes ?? {},
    checkpoint_count: Math.max(checkpoints.length, record?.checkpoint_count ?? 0),
    error_count: countErrors(checkpoints, record),
    input_tokens: record?.input_tokens ?? null,
    output_tokens: record?.output_tokens ?? null,
    last_seq: lastSeq(seen),
  };
  return { flow, checkpoints, missing: missingSeqs(seen) };
}

/** What history counts has its say as long as it knows of more checkpoints. */
function countErrors(checkpoints: readonly CheckpointRecord[], record: FlowRecord | null): number {
  const errors = checkpoints.filter((checkpoint) => checkpoint.status === 'error').length;
  const knowsMore = record !== null && record.checkpoint_count > checkpoints.length;
  return knowsMore ? Math.max(errors, record.error_count) : errors;
}
