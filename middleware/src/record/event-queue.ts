import { createPendingEvent, maxBytesOf, type PendingEvent } from '../encode/event-text';
import type { Batch } from './batch';
import { CHARACTER_BYTES, CLOSING_BYTES, EventBlock } from './event-block';

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
/** Events that wait for their encoding at most; what waits longer outlives the garbage collector's young generation. */
const MAX_PENDING = 512;
/** Bytes that an event takes about. */
const EVENT_BYTES = 512;

interface Slot {
  readonly event: PendingEvent;
  liveUser: string | undefined;
}

const createSlot = (): Slot => ({ event: createPendingEvent(), liveUser: undefined });

/**
 * Events that wait to be written, in order: the batch that is on its way, full blocks, the one being filled, and those that are
 * no text yet.
 */
export class EventQueue {
  private readonly firstSlot = createSlot();
  private readonly slots: readonly Slot[];
  private pending = 0;
  /** UTF-8 bytes that what is no text yet comes to at most. */
  private pendingBytes = 0;
  private hasPendingLive = false;
  private open: EventBlock | undefined;
  private full: EventBlock[] = [];
  /** Of all but the open block and what is no text yet. */
  private closedEvents = 0;
  private closedBytes = 0;
  private current: { readonly taken: EventBlock[]; batch: Batch } | undefined;
  private readonly spares: Buffer[] = [];

  /** @param textOf makes JSON text of an event, after a comma; must not throw */
  constructor(
    private readonly limits: QueueLimits,
    private readonly textOf: (event: PendingEvent) => string,
  ) {
    const count = Math.min(MAX_PENDING, Math.ceil(limits.batchBytes / EVENT_BYTES));
    this.slots = Array.from({ length: count }, (_, i) => (i === 0 ? this.firstSlot : createSlot()));
  }

  get events(): number {
    return this.closedEvents + (this.open?.count ?? 0) + this.pending;
  }

  /** Of what is recorded by now, for which all of it becomes text. */
  get bytes(): number {
    this.encode();
    return this.closedBytes + (this.open?.size ?? 0);
  }

  get hasFullBatch(): boolean {
    return this.full.length > 0;
  }

  /** Something waits beside the batch that is on its way. */
  get hasWaiting(): boolean {
    return this.pending > 0 || this.open !== undefined || this.full.length > 0;
  }

  get hasLive(): boolean {
    return this.hasPendingLive || this.open?.hasLive === true;
  }

  /** The event to fill for {@link addPending}; what is in it is of no use any more. */
  get next(): PendingEvent {
    return this.slotAt(this.pending).event;
  }

  /** Whether {@link next} may be added, whatever it comes to as text; if not, only its text tells. */
  hasRoomForNext(): boolean {
    if (this.events >= this.limits.maxEvents) return false;
    const held = this.closedBytes + (this.open?.sizeAtMost ?? CLOSING_BYTES) + this.pendingBytes;
    return held + maxBytesOf(this.next) <= this.limits.maxBytes;
  }

  /** Takes {@link next} as it is. */
  addNext(liveUser: string | undefined): void {
    const slot = this.slotAt(this.pending);
    slot.liveUser = liveUser;
    if (liveUser !== undefined) this.hasPendingLive = true;
    this.pending += 1;
    this.pendingBytes += maxBytesOf(slot.event);
    if (this.pending === this.slots.length) this.encode();
  }

  /** Counted exactly only when it may come to the limit. */
  hasRoom(event: string): boolean {
    this.encode();
    if (this.events >= this.limits.maxEvents) return false;
    const held = this.closedBytes + (this.open?.sizeAtMost ?? CLOSING_BYTES);
    const isSure = held + event.length * CHARACTER_BYTES <= this.limits.maxBytes;
    return isSure || this.hasRoomForBytes(Buffer.byteLength(event));
  }

  add(event: string, liveUser: string | undefined): void {
    this.encode();
    this.append(event, liveUser);
  }

  /** False when there is no room for them. */
  addEarlier(events: readonly string[], liveUser: string): boolean {
    this.encode();
    const size = events.reduce((sum, event) => sum + Buffer.byteLength(event), 0);
    if (!this.hasRoomForBytes(size)) return false;
    (this.open ??= this.newBlock()).addEarlier(events, liveUser, size);
    return true;
  }

  /** The batch to write next: the same until {@link settle}, so that one that failed is written again as it was. */
  take(): Batch | undefined {
    if (this.current === undefined) {
      this.encode();
      if (this.full.length === 0 && this.open !== undefined) this.close(this.open);
      if (this.full.length === 0) return undefined;
      const taken = this.full.splice(0, MAX_BLOCKS);
      const frames = taken.flatMap((block) => block.frames());
      const blocks = taken
        .filter(({ count }) => count > 0)
        .map((block) => ({ bytes: block.seal(), count: block.count }));
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
      // Only now: what a failed write left in a socket must not be overwritten.
      if (this.spares.length < MAX_SPARES) this.spares.push(block.release());
    }
    this.closedEvents -= events;
    this.current = isAll ? undefined : { taken, batch: { blocks: batch.blocks.slice(stored), frames: batch.frames } };
    return events;
  }

  clear(): void {
    this.forgetPending();
    this.open = undefined;
    this.full = [];
    this.current = undefined;
    this.spares.length = 0;
    this.closedEvents = 0;
    this.closedBytes = 0;
  }

  /** The one loop that makes text of what was recorded. */
  encode(): void {
    const count = this.pending;
    if (count === 0) return;
    this.forgetPending();
    for (let i = 0; i < count; i++) {
      const slot = this.slotAt(i);
      this.append(this.textOf(slot.event), slot.liveUser);
      // What an application passed is not held any longer.
      slot.event.attributes = undefined;
      slot.event.name = undefined;
    }
    this.open?.encode();
  }

  private slotAt(index: number): Slot {
    return this.slots[index] ?? this.firstSlot;
  }

  private forgetPending(): void {
    this.pending = 0;
    this.pendingBytes = 0;
    this.hasPendingLive = false;
  }

  private append(event: string, liveUser: string | undefined): void {
    const block = (this.open ??= this.newBlock());
    block.append(event, liveUser);
    if (block.size >= this.limits.batchBytes) this.close(block);
  }

  private newBlock(): EventBlock {
    return new EventBlock(this.spares.shift());
  }

  private hasRoomForBytes(size: number): boolean {
    this.open?.encode();
    const held = this.closedBytes + (this.open?.size ?? CLOSING_BYTES);
    return held + size <= this.limits.maxBytes;
  }

  private close(block: EventBlock): void {
    block.encode();
    this.full.push(block);
    this.open = undefined;
    this.closedEvents += block.count;
    this.closedBytes += block.size;
  }
}
