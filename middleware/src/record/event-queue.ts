import { CHARACTER_BYTES, CLOSING_BYTES, EventBlock } from './event-block';
import type { Frame } from './live-events';

/** What goes to Redis in one round trip. */
export interface Batch {
  /** Events for the stream, in order, each block a JSON array. Without any, there are only frames. */
  readonly blocks: readonly { readonly bytes: Buffer; readonly count: number }[];
  /** What is to be published. */
  frames: readonly Frame[];
}

export interface QueueLimits {
  /** Bytes that one block takes about. */
  readonly batchBytes: number;
  /** Events that are held in memory at most. */
  readonly maxEvents: number;
  /** Bytes of events that are held in memory at most. */
  readonly maxBytes: number;
}

/**
 * Blocks that go in one round trip at most. A busy event loop comes to the answer late, and with one block at a time the
 * queue of a healthy Redis would overflow.
 */
const MAX_BLOCKS = 8;
/** Memory of written blocks that is kept for the next ones: one is filled while another is on its way. */
const MAX_SPARES = 2;

/** A block that takes no more events. */
interface FullBlock {
  readonly block: EventBlock;
  readonly size: number;
}

/** Events that wait to be written, in order: the batch that is on its way, full blocks, and the one being filled. */
export class EventQueue {
  private open: EventBlock | undefined;
  private full: FullBlock[] = [];
  /** Of all but the open block. */
  private closedEvents = 0;
  private closedBytes = 0;
  private current: { readonly blocks: FullBlock[]; batch: Batch } | undefined;
  private readonly spares: Buffer[] = [];

  constructor(private readonly limits: QueueLimits) {}

  get events(): number {
    return this.closedEvents + (this.open?.count ?? 0);
  }

  get bytes(): number {
    return this.closedBytes + (this.open?.size ?? 0);
  }

  get hasFullBatch(): boolean {
    return this.full.length > 0;
  }

  /** Something waits beside the batch that is on its way. */
  get hasWaiting(): boolean {
    return this.open !== undefined || this.full.length > 0;
  }

  get hasLive(): boolean {
    return this.open?.hasLive === true;
  }

  /** Counted exactly only when it may come to the limit. */
  hasRoom(event: string): boolean {
    if (this.events >= this.limits.maxEvents) return false;
    const held = this.closedBytes + (this.open?.sizeAtMost ?? CLOSING_BYTES);
    const isSure = held + event.length * CHARACTER_BYTES <= this.limits.maxBytes;
    return isSure || this.hasRoomForBytes(Buffer.byteLength(event));
  }

  add(event: string, liveUser: string | undefined): void {
    const block = (this.open ??= this.newBlock());
    if (liveUser === undefined) block.append(event);
    else block.appendLive(event, liveUser);
    if (block.size >= this.limits.batchBytes) this.close(block);
  }

  /** False when there is no room for them. */
  addEarlier(events: readonly string[], liveUser: string): boolean {
    const size = events.reduce((sum, event) => sum + Buffer.byteLength(event), 0);
    if (!this.hasRoomForBytes(size)) return false;
    (this.open ??= this.newBlock()).addEarlier(events, liveUser, size);
    return true;
  }

  /** The batch to write next: the same until {@link settle}, so that one that failed is written again as it was. */
  next(): Batch | undefined {
    if (this.current === undefined) {
      if (this.full.length === 0 && this.open !== undefined) this.close(this.open);
      if (this.full.length === 0) return undefined;
      const blocks = this.full.splice(0, MAX_BLOCKS);
      const sealed = blocks.map(({ block }) => ({ bytes: block.seal(), count: block.count }));
      const frames = blocks.flatMap(({ block }) => block.frames());
      this.current = { blocks, batch: { blocks: sealed.filter(({ count }) => count > 0), frames } };
    }
    return this.current.batch;
  }

  /**
   * The first blocks of the batch are written.
   *
   * @param stored how many; fewer than all: the rest is to be written again
   * @returns how many events they have
   */
  settle(stored: number): number {
    if (this.current === undefined) return 0;
    const { blocks, batch } = this.current;
    const isAll = stored === batch.blocks.length;
    let events = 0;
    for (const { block, size } of blocks.splice(0, isAll ? blocks.length : stored)) {
      events += block.count;
      this.closedBytes -= size;
      // Only now: what a failed write left in a socket must not be overwritten.
      if (this.spares.length < MAX_SPARES) this.spares.push(block.release());
    }
    this.closedEvents -= events;
    this.current = isAll ? undefined : { blocks, batch: { blocks: batch.blocks.slice(stored), frames: batch.frames } };
    return events;
  }

  clear(): void {
    this.open = undefined;
    this.full = [];
    this.current = undefined;
    this.spares.length = 0;
    this.closedEvents = 0;
    this.closedBytes = 0;
  }

  private hasRoomForBytes(size: number): boolean {
    this.open?.encode();
    const held = this.closedBytes + (this.open?.size ?? CLOSING_BYTES);
    return held + size <= this.limits.maxBytes;
  }

  private newBlock(): EventBlock {
    return new EventBlock(this.spares.shift());
  }

  private close(block: EventBlock): void {
    block.encode();
    const { size } = block;
    this.full.push({ block, size });
    this.open = undefined;
    this.closedEvents += block.count;
    this.closedBytes += size;
  }
}
