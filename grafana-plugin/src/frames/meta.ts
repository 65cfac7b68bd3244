import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import type { CheckpointHistory } from './history';
import type { PriceTable } from './prices';

/** What a person must know about the data: that it is not all, or what went wrong. */
export type Notice = Pick<QueryResultMetaNotice, 'severity' | 'text'>;

/** How the live connection stands; `stale`: it is open, and the bridge does not answer. */
export type ConnectionState = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'offline';

/** Why live flows come by polls over HTTP: the WebSocket is refused on the way, or nothing comes over it. */
export type OverHttp = 'refused' | 'silent';

export interface Connection {
  readonly state: ConnectionState;
  /** Why it is not live, in words for people. */
  readonly reason: string | null;
  /** When the bridge was heard last, by the browser's clock, epoch ms; only while it is not live, and was heard before. */
  readonly heardTs?: number;
  /** Absent where the WebSocket is used, or tried. */
  readonly overHttp?: OverHttp;
}

/** Whether a user's flows are published live. */
export interface MonitoringState {
  readonly userId: string;
  readonly enabled: boolean;
  /** Epoch ms; null when off. */
  readonly expiresTs: number | null;
}

/** What was asked for, so that a panel can say it when there is nothing to show. */
export interface Target {
  /** What the flows were chosen by. */
  readonly select: 'everyone' | 'user' | 'session' | 'flow';
  /** Ids of that kind; none for `everyone`. Otherwise none means that nothing was chosen, and nothing is shown. */
  readonly ids: readonly string[];
}

/** Whether anything was asked for at all. */
export function isChosen({ select, ids }: Target): boolean {
  return select === 'everyone' || ids.length > 0;
}

/** The user when it was asked for one alone. */
export function onlyUser({ select, ids }: Target): string | null {
  return select === 'user' && ids.length === 1 ? (ids[0] ?? null) : null;
}

/** `meta.custom` of the flows frame. */
export interface FlowFrameMeta {
  readonly kind: 'flow-tracking';
  readonly mode: 'live' | 'history';
  readonly target: Target;
  /** False until the first answer is there: then an empty frame means that there are no flows. */
  readonly ready: boolean;
  /** Null for history. */
  readonly connection: Connection | null;
  readonly monitoring: readonly MonitoringState[];
  /** How far the browser's clock is ahead of the servers', ms; 0 when that is not worth correcting. */
  readonly clockOffsetMs: number;
  /** When the last live event came, by the browser's clock, epoch ms; null when none has. */
  readonly lastEventTs: number | null;
  /** Goes up with each answer to the query that has other flows or checkpoints than the one before; 0 for history. */
  readonly revision: number;
  /** What checkpoints did in the last 24 h, the same object while that is the same; null when it is not known. */
  readonly history?: CheckpointHistory | null;
  /** What models cost, always the same object; null when no prices are configured. */
  readonly prices?: PriceTable | null;
}

/** `meta.custom` of a checkpoints frame: its columns grow and change in place, or stay as they are. */
export interface RowsMeta {
  readonly kind: 'flow-tracking-rows';
  /** As in {@link FlowFrameMeta}. */
  readonly revision: number;
  /**
   * Rows that were added or changed, in that order, from the very first on; it grows in place, and each reader remembers
   * how far it has read. Rows move only into other columns with another journal.
   */
  readonly journal: readonly number[];
}

/** What comes with the flows of any query, and is not of the query itself. */
export type FrameExtras = Pick<FlowFrameMeta, 'history' | 'prices'>;

function customOf(frame: DataFrame, kind: string): unknown {
  const custom: unknown = frame.meta?.custom;
  return typeof custom === 'object' && custom !== null && 'kind' in custom && custom.kind === kind ? custom : null;
}

/** The meta of a flows frame of our datasource, or null for any other's. */
export function flowMeta(frame: DataFrame): FlowFrameMeta | null {
  return customOf(frame, 'flow-tracking') as FlowFrameMeta | null;
}

/** The meta of a checkpoints frame of our datasource, or null for any other's. */
export function rowsMeta(frame: DataFrame): RowsMeta | null {
  return customOf(frame, 'flow-tracking-rows') as RowsMeta | null;
}
