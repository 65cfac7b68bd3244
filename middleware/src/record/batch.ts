/** One message to the viewers of a user. Its bytes reach the datasource as they are. */
export interface Frame {
  readonly userId: string;
  readonly bytes: Buffer;
}

/** What goes to Redis in one round trip. */
export interface Batch {
  /** Events for the stream, in order, each block a JSON array. May be empty if there are frames. */
  readonly blocks: readonly { readonly bytes: Buffer; readonly count: number }[];
  /** What is to be published. */
  frames: readonly Frame[];
}

/** What became of a batch. */
export interface WriteResult {
  /** How many blocks the stream has, from the first on. If fewer than all, write the rest again. */
  readonly stored: number;
  /** Frames that were not published. They are tried again only if blocks are, too. */
  readonly unpublished: readonly Frame[];
  readonly error?: Error | undefined;
}

/** Where batches go. */
export interface Sink {
  /** False: nothing can be written now. The recorder's `resume` is called when that changes. */
  isReady(): boolean;
  /** Never rejects. */
  write(batch: Batch): Promise<WriteResult>;
}

export type DropReason = 'queue_full' | 'closed';

export interface RecorderStats {
  /** Events taken from the application. */
  recorded: number;
  /** Events that the stream has. */
  written: number;
  /** Live frames that Redis took. */
  published: number;
  /** Live frames that were given up. History has their events. */
  unpublished: number;
  dropped: Record<DropReason, number>;
  /** Held in memory now, including what is on its way. */
  queued: { events: number; bytes: number };
  /** Batches sent, and sent again. */
  flushes: { count: number; failed: number; lastMs: number; maxMs: number };
}

/** Of one write. A server that records so many live events has nobody who reads each. */
const MANY_EVENTS = 100;
const BUSY = 5;

/**
 * How long the next live event may wait, ms: longer after a write of many events, since a write costs as much as to record dozens.
 *
 * @param liveMs the option
 * @param written the batch just written
 */
export function liveDelayMs(liveMs: number, written: Batch): number {
  const events = written.blocks.reduce((sum, { count }) => sum + count, 0);
  return events < MANY_EVENTS ? liveMs : liveMs * BUSY;
}
