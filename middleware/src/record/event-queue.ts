import { maxBytesOf, PendingEvent } from '../encode/event-text';
import type { Batch } from './batch';
import { CLOSING_BYTES, EventBlock } from './event-block';

export interface QueueLimits {
  /** Bytes of one block, about. */
  readonly batchBytes: number;
  /** Most events held in memory. */
  readonly maxEvents: number;
  /** Most bytes of events held in memory. */
  readonly maxBytes: number;
}

/**
 * Most blocks of one round trip. A busy event loop reads the answer late, and with one block at a time the queue would overflow
 * although Redis is well.
 */
const MAX_BLOCKS = 8;
/** Written blocks whose memory is kept for the next ones: one is filled while another is on its way. */
const MAX_SPARES = 2;
/** Most events that wait for their encoding. If they waited longer, they would outlive the collector's young generation. */
const MAX_PENDING = 512;
/** Bytes of an event, about. */
const EVENT_BYTES = 512;

/** Events that wait to be written, in order: the batch on its way, full blocks, the block being filled, and events without text. */
export class EventQueue {
  /** The event to fill for {@link add}. Its old content is no longer needed. */
  next = new PendingEvent();
  private readonly slots = [this.next];
  private pending = 0;
  /** Most UTF-8 bytes of the events without text. */
  private pendingBytes = 0;
  private hasPendingLive = false;
  private open: EventBlock | undefined;
  private full: EventBlock[] = [];
  /** Of everything but the open block and the events without text. */
  private closedEvents = 0;
  private closedBytes = 0;
  private current: { readonly taken: EventBlock[]; readonly batch: Batch } | undefined;
  private readonly spares: Buffer[] = [];

  /** @param textOf makes JSON text of an event, after a comma; must not throw */
  constructor(
    private readonly limits: QueueLimits,
    private readonly textOf: (event: PendingEvent) => string,
  ) {
    const count = Math.min(MAX_PENDING, Math.ceil(limits.batchBytes / EVENT_BYTES));
    while (this.slots.length < count) this.slots.push(new PendingEvent());
  }

  get events(): number {
    return this.closedEvents + (this.open?.count ?? 0) + this.pending;
  }

  /** Bytes that are held. To count them, it turns all events into text. */
  get bytes(): number {
    this.encode();
    return this.closedBytes + (this.open?.size ?? 0);
  }

  get hasFullBatch(): boolean {
    return this.full.length > 0;
  }

  /** Something waits that is not in the batch on its way. */
  get hasWaiting(): boolean {
    return this.pending > 0 || this.open !== undefined || this.full.length > 0;
  }

  get hasLive(): boolean {
    return this.hasPendingLive || this.open?.hasLive === true;
  }

  /** Takes {@link next}. False: there is no room for it. */
  add(liveUser: string | undefined): boolean {
    if (this.events >= this.limits.maxEvents) return false;
    const { next } = this;
    const bytes = maxBytesOf(next);
    const held = this.closedBytes + (this.open?.sizeAtMost ?? CLOSING_BYTES) + this.pendingBytes;
    if (held + bytes > this.limits.maxBytes) return this.addCounted(this.textOf(next), liveUser);
    next.liveUser = liveUser;
    if (liveUser !== undefined) this.hasPendingLive = true;
    this.pending += 1;
    this.pendingBytes += bytes;
    if (this.pending === this.slots.length) this.encode();
    else this.next = this.slots[this.pending] ?? next;
    return true;
  }

  /** Publishes events that are written elsewhere. False: there is no room for them. */
  addEarlier(events: readonly string[], liveUser: string): boolean {
    this.encode();
    if (!this.hasRoom(Buffer.byteLength(events.join('')))) return false;
    this.filling().addEarlier(events, liveUser);
    return true;
  }

  /** The batch to write next. It stays the same until {@link settle}, so that a failed batch is written again unchanged. */
  take(): Batch | undefined {
    if (this.current === undefined) {
      this.encode();
      if (this.full.length === 0 && this.open !== undefined) this.close(this.open);
      if (this.full.length === 0) return undefined;
      const taken = this.full.splice(0, MAX_BLOCKS);
      const frames = taken.flatMap((block) => block.frames());
      const blocks = taken.filter(({ count }) => count > 0).map((block) => block.seal());
      this.current = { taken, batch: { blocks, frames } };
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
    const { taken, batch } = this.current;
    const isAll = stored === batch.blocks.length;
    let events = 0;
    for (const block of taken.splice(0, isAll ? taken.length : stored)) {
      events += block.count;
      this.closedBytes -= block.size;
      // Not earlier: a failed write may have left these bytes in a socket, and they must not change there.
      if (this.spares.length < MAX_SPARES) this.spares.push(block.bytes);
    }
    this.closedEvents -= events;
    this.current = isAll ? undefined : { taken, batch: { blocks: batch.blocks.slice(stored), frames: batch.frames } };
    return events;
  }

  clear(): void {
    this.takePending();
    this.open = undefined;
    this.full = [];
    this.current = undefined;
    this.spares.length = 0;
    this.closedEvents = 0;
    this.closedBytes = 0;
  }

  /** The one loop that makes text of what was recorded. */
  encode(): void {
    const count = this.takePending();
    for (let i = 0; i < count; i++) {
      const event = this.slots[i] ?? this.next;
      this.append(this.textOf(event), event.liveUser);
      // What the application passed is not held any longer.
      event.attributes = undefined;
      event.name = '';
      event.moreText = '';
    }
    this.open?.encode();
  }

  private takePending(): number {
    const count = this.pending;
    this.pending = 0;
    this.pendingBytes = 0;
    this.hasPendingLive = false;
    this.next = this.slots[0] ?? this.next;
    return count;
  }

  /** Adds an event if the exact sizes leave room for it; the estimates did not. */
  private addCounted(event: string, liveUser: string | undefined): boolean {
    this.encode();
    if (!this.hasRoom(Buffer.byteLength(event))) return false;
    this.append(event, liveUser);
    return true;
  }

  private append(event: string, liveUser: string | undefined): void {
    const block = this.filling();
    block.append(event, liveUser);
    if (block.size >= this.limits.batchBytes) this.close(block);
  }

  private filling(): EventBlock {
    return (this.open ??= new EventBlock(this.spares.shift()));
  }

  private hasRoom(size: number): boolean {
    this.open?.encode();
    return this.closedBytes + (this.open?.size ?? CLOSING_BYTES) + size <= this.limits.maxBytes;
  }

  private close(block: EventBlock): void {
    block.encode();
    this.full.push(block);
    this.open = undefined;
    this.closedEvents += block.count;
    this.closedBytes += block.size;
  }
}
