import type { Attributes, CheckpointStatus, ErrorInfo, FlowStatus } from '@flow-tracking/protocol';
import type { FlowNodes } from './flow-nodes';
import type { FlowLink } from './links';

/** A node as the panel draws it, from whichever kind of frame. Ids are text, since those of traces are. */
export interface PanelNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly checkpoint: string;
  readonly status: CheckpointStatus;
  /** Epoch ms. */
  readonly startedTs: number;
  /** Null while it runs, and for an instant checkpoint, whose duration is the time that led up to it. */
  readonly endedTs: number | null;
  /** Null while it runs. */
  readonly durationMs: number | null;
  readonly error: ErrorInfo | null;
  readonly attributes: Attributes;
  /** Of its own tokens, in the currency of the prices; null or absent when it is not known. */
  readonly cost?: number | null;
}

/** A flow as the panel draws it. */
export interface PanelFlow {
  readonly id: string;
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly name: string;
  readonly service: string;
  readonly status: FlowStatus;
  readonly startedTs: number;
  readonly durationMs: number | null;
  readonly httpStatus: number | null;
  readonly error: ErrorInfo | null;
  readonly traceId: string | null;
  readonly checkpointCount: number;
  readonly errorCount: number;
  /** Numbers of missing events; empty when none is. */
  readonly missing: string;
  /** Number of the latest event; null in data that does not say. */
  readonly lastSeq: number | null;
  readonly attributes: Attributes;
  readonly nodes: FlowNodes;
  /** Links that the dashboard puts on fields of this flow. */
  readonly links: () => readonly FlowLink[];
}
