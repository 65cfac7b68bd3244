import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';

/** What a person must know about the data: that it is not all, or what went wrong. */
export type Notice = Pick<QueryResultMetaNotice, 'severity' | 'text'>;

/** How the live connection stands; `stale`: it is open, and the bridge does not answer. */
export type ConnectionState = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'offline';

export interface Connection {
  readonly state: ConnectionState;
  /** Why it is not live, in words for people. */
  readonly reason: string | null;
  /** When the bridge was heard last, by the browser's clock, epoch ms; only while it is not live, and was heard before. */
  readonly heardTs?: number;
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
  /** What the flows were chosen by. */
  readonly select: 'everyone' | 'user' | 'session' | 'flow';
  /** Ids of that kind; none for `everyone`. Otherwise none means that nothing was chosen, and nothing is shown. */
  readonly ids: readonly string[];
}

/** Whether anything was asked for at all. */
export function isChosen({ select, ids }: Subject): boolean {
  return select === 'everyone' || ids.length > 0;
}

/** The user when it was asked for one alone. */
export function onlyUser({ select, ids }: Subject): string | null {
  return select === 'user' && ids.length === 1 ? (ids[0] ?? null) : null;
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
