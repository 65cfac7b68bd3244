import type { CheckpointRecord, FlowRecord } from './record-fields';
import type { Attributes } from './values';

/** `GET /api/v1/flows` and `/flows/user/:userId`: newest first. */
export interface FlowPage {
  flows: FlowRecord[];
  /** Opaque; give it back as `cursor` for the next page. Null on the last one. */
  next_cursor: string | null;
}

/**
 * `GET /api/v1/flows/session/:sessionId`: the newest flows, oldest of them first, each with its checkpoints. Of a flow
 * that does not fit, the next page begins with the rest: the flow again, with further checkpoints.
 */
export interface SessionDetail {
  session_id: string;
  flows: FlowRecord[];
  checkpoints: CheckpointRecord[];
  /** Gives what is missing of the oldest flow here, and the flows before it, as `cursor`. Null when there is nothing. */
  next_cursor: string | null;
}

/** `GET /api/v1/flows/:flowId`. */
export interface FlowDetail {
  flow: FlowRecord;
  checkpoints: CheckpointRecord[];
  /** Gives the checkpoints after these as `cursor`. Null when these are all, as in every flow of a usual size. */
  next_cursor: string | null;
}

/** A checkpoint of a running flow that has not ended, and under which no other is open: what the flow waits for. */
export interface OpenCheckpoint {
  node_id: number;
  parent_id: number | null;
  checkpoint: string;
  started_ts: number;
  /** Those alone that say what it waits for, such as model, tool or agent. */
  attributes: Attributes;
}

/** A flow that runs, whoever's it is. */
export interface RunningFlow {
  flow: FlowRecord;
  /** What it waits for, the longest first; at most five. */
  open: OpenCheckpoint[];
  /** All checkpoints that are open, those around others among them. */
  open_count: number;
}

/** `GET /api/v1/flows/running`: oldest first. */
export interface RunningFlows {
  /** When it was answered, by the bridge's clock. */
  now_ts: number;
  flows: RunningFlow[];
  /** True when more flows run than an answer holds; those here are the oldest. */
  has_more: boolean;
}

/** One line of `GET /api/v1/flows/export?format=ndjson`: a flow with all its checkpoints. */
export interface ExportedFlow {
  flow: FlowRecord;
  checkpoints: CheckpointRecord[];
}

/** `GET /api/v1/flows/export?format=json`. */
export interface FlowExport {
  flows: ExportedFlow[];
}

/** A grant, with an expiry, that a user's flows are published live. */
export interface MonitoringGrant {
  user_id: string;
  enabled_ts: number;
  expires_ts: number;
  /** Who enabled it; null when the caller is not known. */
  enabled_by: string | null;
  /** Why, in the words of who enabled it. */
  reason: string | null;
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

export const AUDIT_ACTIONS = ['enable', 'extend', 'disable', 'expire', 'erase'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What was done to a user's monitoring, or records, and by whom. */
export interface AuditEntry {
  id: number;
  ts: number;
  action: AuditAction;
  user_id: string;
  /** Null when the caller is not known, and for `expire`. */
  actor: string | null;
  /** Expiry of the grant; null for `erase`. */
  expires_ts: number | null;
  /** As given by the actor; for `erase` also how much was erased. */
  reason: string | null;
}

/** `GET /api/v1/monitoring/audit`: newest first. */
export interface AuditPage {
  entries: AuditEntry[];
  next_cursor: string | null;
}

/** `GET /api/v1/users`: users with flows, newest first. */
export interface UserList {
  users: {
    user_id: string;
    last_flow_ts: number;
    /** Flows since `from`, counted up to 100. */
    flow_count: number;
  }[];
  has_more: boolean;
}

/** `GET /api/v1/services`: services of the newest flows, by their newest, newest first. */
export interface ServiceList {
  services: { service: string; last_flow_ts: number }[];
  /** True when there may be more: in flows before those that were looked at, or beyond `limit`. */
  has_more: boolean;
}

/** `DELETE /api/v1/users/:userId`: what there was, and is no more. */
export interface UserErased {
  user_id: string;
  flows: number;
  checkpoints: number;
  /** True when the user was monitored. */
  monitoring_disabled: boolean;
  /** True: events of the user may still wait in a stream; a bridge erases them once they are written. */
  pending: boolean;
}

export const CHECK_STATUSES = ['ok', 'warn', 'fail', 'skip'] as const;
/** `warn`: it works, but not as it should; `skip`: it could not be looked at, since something before it fails. */
export type CheckStatus = (typeof CHECK_STATUSES)[number];

/** One thing that must be right for flows to be seen. */
export interface Check {
  /** Stable, snake_case. */
  id: string;
  /** What is looked at, in a few words. */
  title: string;
  status: CheckStatus;
  /** What was found. */
  detail: string;
  /** What to do about it; null when there is nothing to do. */
  fix: string | null;
}

/** `GET /api/v1/checks`: in the order of the chain, so that the first one that fails is the one to mend. */
export interface CheckList {
  checks: Check[];
  /** The flow that was sent through the chain, where it was asked to be kept and history has it; else null. */
  flow_id: string | null;
}

/** Names that the flow of {@link CheckList} has. They are reserved: statistics leave that checkpoint out. */
export const CHECK_FLOW = {
  user: 'flow-check',
  checkpoint: 'flow_check',
  name: 'Test flow',
  service: 'flow-bridge',
} as const;

/** A parameter that is wrong. */
export interface InvalidField {
  field: string;
  expected: string;
  /** What was given, shortened; null when nothing was. */
  got: string | null;
}

/** The one shape of every error that HTTP answers. */
export interface HttpError {
  error: {
    /** Stable, snake_case. */
    code: string;
    message: string;
    /** With `invalid_request`: every parameter that is wrong. */
    details?: InvalidField[];
  };
}
