/** Names of the frames and fields that the datasource gives and the panel reads; also what dashboards refer to. */
export const FLOWS_FRAME = 'flows';
export const CHECKPOINTS_FRAME = 'checkpoints';

/** One row a flow. */
export const FLOW_FIELDS = {
  flowId: 'flow_id',
  sessionId: 'session_id',
  userId: 'user_id',
  name: 'name',
  service: 'service',
  status: 'status',
  startedTs: 'started_ts',
  durationMs: 'duration_ms',
  checkpointCount: 'checkpoint_count',
  errorCount: 'error_count',
  httpStatus: 'http_status',
  errorType: 'error_type',
  errorMessage: 'error_message',
  traceId: 'trace_id',
  attributes: 'attributes',
  /** Of its model calls, as far as they have a price; only when prices are configured. */
  cost: 'cost',
  /** Numbers of the events that are missing, as text; empty when there are none. */
  missing: 'missing',
  /** Number of the latest event, from 0; -1 before the first. */
  lastSeq: 'last_seq',
} as const;

/** One row a checkpoint; the tree by `parent_id`. */
export const CHECKPOINT_FIELDS = {
  flowId: 'flow_id',
  nodeId: 'node_id',
  parentId: 'parent_id',
  checkpoint: 'checkpoint',
  status: 'status',
  startedTs: 'started_ts',
  /** Null while it runs, and for an instant checkpoint. */
  endedTs: 'ended_ts',
  durationMs: 'duration_ms',
  /** Of its own tokens; only when prices are configured. */
  cost: 'cost',
  errorType: 'error_type',
  errorMessage: 'error_message',
  attributes: 'attributes',
} as const;
