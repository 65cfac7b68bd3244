import type { DataFrame } from '@grafana/data';

/** How the live connection stands. */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline';

export interface Connection {
  readonly state: ConnectionState;
  /** Why it is not live, in words for people. */
  readonly reason: string | null;
}

/** Whether a user's flows are published live. */
export interface MonitoringState {
  readonly userId: string;
  readonly enabled: boolean;
  /** Epoch ms; null when off. */
  readonly expiresTs: number | null;
}

/** What was asked for, so that a panel can say it when there is nothing to show. */
export interface Subject {
  /** Null for every monitored user. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly flowId: string | null;
}

/** `meta.custom` of the flows frame. */
export interface FlowFrameMeta {
  readonly kind: 'flow-tracking';
  readonly mode: 'live' | 'history';
  readonly subject: Subject;
  /** False until the first answer is there: then an empty frame means that there are no flows. */
  readonly ready: boolean;
  /** Null for history. */
  readonly connection: Connection | null;
  readonly monitoring: readonly MonitoringState[];
  /** How far the browser's clock is ahead of the servers', ms; 0 when that is not worth correcting. */
  readonly clockOffsetMs: number;
}

/** The meta of a frame of our datasource, or null for any other's. */
export function flowMeta(frame: DataFrame): FlowFrameMeta | null {
  const custom: unknown = frame.meta?.custom;
  if (typeof custom !== 'object' || custom === null || !('kind' in custom) || custom.kind !== 'flow-tracking') {
    return null;
  }
  return custom as FlowFrameMeta;
}
