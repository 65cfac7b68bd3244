import type { CheckpointStatus, FlowStatus } from './events';
import type { ErrorInfo } from './values';

/** What of a flow decides how its open checkpoints stand. */
export interface FlowOutcome {
  status: FlowStatus;
  ended_ts: number | null;
  error: ErrorInfo | null;
}

/** The end that a flow gives to a checkpoint that the application left open. */
export interface DerivedEnd {
  status: Exclude<CheckpointStatus, 'running' | 'ok'>;
  /** Epoch ms; not before the checkpoint's begin. */
  ended_ts: number;
  duration_ms: number;
  /** The flow's, where that ended with an error. */
  error: ErrorInfo | null;
}

/**
 * How a checkpoint without an end of its own stands by its flow: it ends with a flow that failed, was aborted, timed out or
 * was lost. Null: it goes on, since the flow runs or ended well. An end of its own replaces this whenever it comes.
 *
 * @param startedTs of the checkpoint, epoch ms
 */
export function endByFlow(flow: FlowOutcome, startedTs: number): DerivedEnd | null {
  const { status, ended_ts: flowEndedTs } = flow;
  if (status === 'running' || status === 'ok' || flowEndedTs === null) return null;
  return endAt(status, flowEndedTs, startedTs, status === 'error' ? flow.error : null);
}

/** The end of a checkpoint whose flow ended well, and whose process died at `diedTs`. */
export function endByDeath(diedTs: number, startedTs: number): DerivedEnd {
  return endAt('lost', diedTs, startedTs, null);
}

function endAt(status: DerivedEnd['status'], atTs: number, startedTs: number, error: ErrorInfo | null): DerivedEnd {
  const endedTs = Math.max(atTs, startedTs);
  return { status, ended_ts: endedTs, duration_ms: endedTs - startedTs, error };
}
