import type { ServerFrame } from '@flow-tracking/protocol';

/** One connected client, as the hub sees it. */
export interface Viewer {
  /** Sends a frame of the bridge's own. */
  send(frame: ServerFrame): void;
  /** Sends bytes that the hub's `encode` made. */
  relay(bytes: Buffer): void;
  /** Sends a snapshot, which may be larger than what else waits for a client, and what came while it was loaded. */
  show(snapshot: Buffer, backlog: readonly Buffer[]): void;
  /** Whether it has read what it got, so that a snapshot may follow. */
  isReady(): boolean;
}
