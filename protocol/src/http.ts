import type { CheckpointStatus, FlowStatus } from './events';
import type { Attributes, ErrorInfo, JsonValue } from './values';

/** One flow as history knows it. Times are epoch ms with a µs fraction. */
export interface FlowRecord {
  flow_id: string;
  session_id: string;
  user_id: string | null;
  /** Empty until the flow's start has arrived. */
  name: string;
  service: string;
  instance: string;
  status: FlowStatus;
  started_ts: number;
  ended_ts: number | null;
  duration_ms: number | null;
  http_status: number | null;
  error: ErrorInfo | null;
  trace_id: string | null;
  attributes: Attributes;
  checkpoint_count: number;
  error_count: number;
  input_tokens: number | null;
  output_tokens: number | null;
  /** The highest `seq` that history holds of this flow. */
  last_seq: number;
}

/** One node of a flow's tree; a tree is a flat list of these, linked by `parent_id`. */
export interface CheckpointRecord {
  flow_id: string;
  node_id: number;
  parent_id: number | null;
  checkpoint: string;
  status: CheckpointStatus;
  started_ts: number;
  /** Null while it runs, and for an instant checkpoint. */
  ended_ts: number | null;
  duration_ms: number | null;
  attributes: Attributes;
  error: ErrorInfo | null;
  /** `seq` of the event that ended it; null while it runs, and for an instant checkpoint. */
  end_seq: number | null;
}

/** `GET /api/v1/flows` and `/flows/user/:userId`: newest first. */
export interface FlowPage {
  flows: FlowRecord[];
  /** Opaque; give it back as `cursor` for the next page. Null on the last one. */
  next_cursor: string | null;
}

/** `GET /api/v1/flows/session/:sessionId`: flows oldest first, and all their checkpoints. */
export interface SessionDetail {
  session_id: string;
  flows: FlowRecord[];
  checkpoints: CheckpointRecord[];
}

/** `GET /api/v1/flows/:flowId`. */
export interface FlowDetail {
  flow: FlowRecord;
  checkpoints: CheckpointRecord[];
}

/** A grant, with an expiry, that a user's flows are published live. */
export interface MonitoringGrant {
  user_id: string;
  enabled_ts: number;
  expires_ts: number;
  /** Who enabled it; null when the caller is not known. */
  enabled_by: string | null;
}

/** `POST /api/v1/monitoring/enable/:userId`. */
export interface MonitoringEnabled {
  grant: MonitoringGrant;
}

/** `POST /api/v1/monitoring/disable/:userId`. */
export interface MonitoringDisabled {
  user_id: string;
  /** False when there was no grant to take away. */
  disabled: boolean;
}

/** `GET /api/v1/monitoring/list`: by expiry, soonest first. */
export interface MonitoringList {
  grants: MonitoringGrant[];
}

/** `GET /api/v1/users`: users with flows, newest first. */
export interface UserList {
  users: { user_id: string; last_flow_ts: number; flow_count: number }[];
}

/** The one shape of every error that HTTP answers. */
export interface HttpError {
  error: {
    /** Stable, snake_case. */
    code: string;
    message: string;
    details?: JsonValue;
  };
}
