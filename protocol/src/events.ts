import type { Attributes, ErrorInfo } from './values';

/** How a flow stands. `lost`: its process died; said by the bridge, never by an event. */
export type FlowStatus = 'running' | 'ok' | 'error' | 'aborted' | 'timed_out' | 'lost';
/** How a flow ended, as its `flow_end` says. */
export type FlowEndStatus = Exclude<FlowStatus, 'running' | 'lost'>;
/** What an event says of a checkpoint. */
export type CheckpointEventStatus = 'running' | 'ok' | 'error';
/**
 * How a checkpoint stands. `aborted`, `timed_out` and `lost` are never on the wire: they are derived for a checkpoint that
 * the application left open when its flow ended, or when its process died.
 */
export type CheckpointStatus = CheckpointEventStatus | 'aborted' | 'timed_out' | 'lost';

export const FLOW_STATUSES: readonly FlowStatus[] = ['running', 'ok', 'error', 'aborted', 'timed_out', 'lost'];
export const FLOW_END_STATUSES: readonly FlowEndStatus[] = ['ok', 'error', 'aborted', 'timed_out'];
export const CHECKPOINT_EVENT_STATUSES: readonly CheckpointEventStatus[] = ['running', 'ok', 'error'];
export const CHECKPOINT_STATUSES: readonly CheckpointStatus[] = [
  ...CHECKPOINT_EVENT_STATUSES,
  'aborted',
  'timed_out',
  'lost',
];

interface EventBase {
  /** ULID. */
  flow_id: string;
  /** 0, 1, 2, … within the flow, without holes. */
  seq: number;
  /**
   * Epoch ms with a µs fraction, monotonic within a process; but the begin of a timed checkpoint may say a time before that
   * of the event before it, back to the flow's start, when it is told later than it was.
   */
  ts: number;
}

/** The first event of a flow. */
export interface FlowStartEvent extends EventBase {
  type: 'flow_start';
  session_id: string;
  /** `POST /ask/stream`. */
  name: string;
  service: string;
  /** Which process of the service. */
  instance: string;
  user_id?: string;
  trace_id?: string;
  attributes?: Attributes;
}

/** What the flow's start could not tell yet: its user, session or name; one of them at least. */
export interface FlowIdentifiedEvent extends EventBase {
  type: 'flow_identified';
  user_id?: string;
  session_id?: string;
  /** The root of a trace mostly comes last, and tells the name and when the flow began. */
  name?: string;
  /** Comes with the name, and only so. */
  started_ts?: number;
}

/** An instant checkpoint (`ok` or `error`), or the begin of a timed one (`running`). */
export interface CheckpointEvent extends EventBase {
  type: 'checkpoint';
  /** The `seq` of this event. */
  node_id: number;
  parent_id: number | null;
  checkpoint: string;
  status: CheckpointEventStatus;
  /** Of an instant checkpoint: ms since the previous event under the same parent. */
  duration_ms?: number;
  attributes?: Attributes;
  error?: ErrorInfo;
}

/** The end of a timed checkpoint. */
export interface CheckpointEndEvent extends EventBase {
  type: 'checkpoint_end';
  node_id: number;
  parent_id: number | null;
  checkpoint: string;
  /** The `ts` of the begin. */
  started_ts: number;
  status: Exclude<CheckpointEventStatus, 'running'>;
  /** Begin to end, ms. */
  duration_ms: number;
  attributes?: Attributes;
  error?: ErrorInfo;
}

/** The end of the flow. Of nodes that are still running, `endByFlow` tells what becomes. */
export interface FlowEndEvent extends EventBase {
  type: 'flow_end';
  status: FlowEndStatus;
  duration_ms: number;
  http_status?: number;
  error?: ErrorInfo;
}

/** One record on the wire about a flow. */
export type FlowEvent = FlowStartEvent | FlowIdentifiedEvent | CheckpointEvent | CheckpointEndEvent | FlowEndEvent;
