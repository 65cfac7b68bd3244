import { LiveEvents, type Frame } from './live-events';

/**
 * Text is encoded in pieces of about this many characters: one by one costs half as much again, and text that waits
 * longer outlives the garbage collector's young generation.
 */
const PIECE_LENGTH = 2048;
const FIRST_CAPACITY = 16 * 1024;
/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
export const CHARACTER_BYTES = 3;
/** The closing bracket. The opening one stands in the place of the first event's comma. */
export const CLOSING_BYTES = 1;
const OPENING = 0x5b;
const CLOSING = 0x5d;

/** Events as the bytes of one JSON array, the form in which the stream keeps them. */
export class EventBlock {
  count = 0;
  private bytes: Buffer;
  private length = 0;
  /** What is not encoded yet. */
  private text = '';
  private earlierSize = 0;
  private live: Map<string, LiveEvents> | undefined;

  /** @param spare taken for the bytes, if there is one */
  constructor(spare: Buffer | undefined) {
    this.bytes = spare ?? Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  }

  /** Bytes of the sealed block and of earlier events, of which what is not encoded yet counts as characters. */
  get size(): number {
    return this.length + this.text.length + CLOSING_BYTES + this.earlierSize;
  }

  /** What {@link size} is at most once all is encoded. */
  get sizeAtMost(): number {
    return this.size + this.text.length * (CHARACTER_BYTES - 1);
  }

  get hasLive(): boolean {
    return this.live !== undefined;
  }

  /** @param event JSON text after a comma */
  append(event: string): void {
    this.text += event;
    this.count += 1;
    if (this.text.length >= PIECE_LENGTH) this.encode();
  }

  /** Appends it, and has its bytes published to the user's viewers, too. */
  appendLive(event: string, user: string): void {
    this.encode();
    const start = this.length;
    this.append(event);
    this.encode();
    this.liveOf(user).addRange(start + 1, this.length);
  }

  /** Publishes events that an earlier block holds, each after a comma. @param size of all of them, in bytes */
  addEarlier(events: readonly string[], user: string, size: number): void {
    this.earlierSize += size;
    this.liveOf(user).addEarlier(events);
  }

  /** Nothing waits to be encoded any more, so that {@link size} is exact. */
  encode(): void {
    if (this.text === '') return;
    this.reserve(this.text.length * CHARACTER_BYTES);
    this.length += this.bytes.write(this.text, this.length);
    this.text = '';
  }

  /** All of it as a JSON array; nothing may be appended any more. */
  seal(): Buffer {
    this.encode();
    this.reserve(CLOSING_BYTES);
    this.bytes[0] = OPENING;
    this.bytes[this.length] = CLOSING;
    return this.bytes.subarray(0, this.length + 1);
  }

  /** Of a sealed block: what is to be published. */
  frames(): Frame[] {
    return this.live === undefined ? [] : [...this.live].flatMap(([user, events]) => events.frames(user, this.bytes));
  }

  /** Its memory, for the next block; this one is of no use any more. */
  release(): Buffer {
    return this.bytes;
  }

  private liveOf(user: string): LiveEvents {
    this.live ??= new Map<string, LiveEvents>();
    let events = this.live.get(user);
    if (events === undefined) this.live.set(user, (events = new LiveEvents()));
    return events;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
