import type { Frame } from './batch';

/** One frame takes about this many bytes at most. */
const FRAME_SIZE = 256 * 1024;
/** Characters that become bytes together, about: in a frame they are not parted. */
const PIECE_LENGTH = 16 * 1024;
const FIRST_CAPACITY = 16 * 1024;
/** Bytes of UTF-8 that a UTF-16 unit takes at most. */
export const CHARACTER_BYTES = 3;
/** The closing bracket. The opening one stands in the place of the first event's comma. */
export const CLOSING_BYTES = 1;
const OPENING = 0x5b;
const CLOSING = 0x5d;
const TAIL = Buffer.from(']}');

/** What is to be published to the viewers of one user. Each piece of bytes is events with a comma before each. */
interface LiveEvents {
  /** Events that an earlier block holds. */
  readonly earlier: Buffer[];
  /** Where this block's events stand: start, end, start, end, … */
  readonly ranges: number[];
}

function frameOf(user: string, pieces: readonly Buffer[]): Frame {
  const head = Buffer.from(`{"type":"events","user_id":${JSON.stringify(user)},"events":[`);
  const [first = TAIL, ...others] = pieces;
  // Without the comma before the first event.
  return { userId: user, bytes: Buffer.concat([head, first.subarray(1), ...others, TAIL]) };
}

function framesOf(user: string, pieces: readonly Buffer[]): Frame[] {
  const frames: Frame[] = [];
  let inFrame: Buffer[] = [];
  let size = 0;
  for (const piece of pieces) {
    if (size > 0 && size + piece.length > FRAME_SIZE) {
      frames.push(frameOf(user, inFrame));
      inFrame = [];
      size = 0;
    }
    inFrame.push(piece);
    size += piece.length;
  }
  frames.push(frameOf(user, inFrame));
  return frames;
}

/** Events as the bytes of one JSON array, the form in which the stream keeps them, and which of them are published. */
export class EventBlock {
  count = 0;
  private bytes: Buffer;
  private length = 0;
  /** What is no bytes yet: events in a row with the same viewers. */
  private text = '';
  private textUser: string | undefined;
  private earlierSize = 0;
  private live: Map<string, LiveEvents> | undefined;

  /** @param spare taken for the bytes, if there is one: memory outside of V8's heap is dear to get, and brings on collections */
  constructor(spare?: Buffer) {
    this.bytes = spare ?? Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  }

  /** Bytes of the sealed block and of earlier events, of which what is no bytes yet counts as characters. */
  get size(): number {
    return this.length + this.text.length + CLOSING_BYTES + this.earlierSize;
  }

  /** What {@link size} is at most once all is bytes. */
  get sizeAtMost(): number {
    return this.size + this.text.length * (CHARACTER_BYTES - 1);
  }

  get hasLive(): boolean {
    return this.live !== undefined || (this.text !== '' && this.textUser !== undefined);
  }

  /** @param event JSON text after a comma @param liveUser whose viewers get it, too */
  append(event: string, liveUser: string | undefined): void {
    if (liveUser !== this.textUser || this.text.length >= PIECE_LENGTH) {
      this.encode();
      this.textUser = liveUser;
    }
    this.text += event;
    this.count += 1;
  }

  /** Publishes events that an earlier block holds, each after a comma. @param size of all of them, in bytes */
  addEarlier(events: readonly string[], user: string, size: number): void {
    this.earlierSize += size;
    this.liveOf(user).earlier.push(...events.map((event) => Buffer.from(event)));
  }

  /** Nothing waits to become bytes any more, so that {@link size} is exact. */
  encode(): void {
    if (this.text === '') return;
    const start = this.length;
    this.reserve(this.text);
    this.length += this.bytes.write(this.text, start);
    this.text = '';
    if (this.textUser !== undefined) this.liveOf(this.textUser).ranges.push(start, this.length);
  }

  /** All of it as a JSON array; nothing may be appended any more. */
  seal(): Buffer {
    this.encode();
    this.bytes[0] = OPENING;
    this.bytes[this.length] = CLOSING;
    return this.bytes.subarray(0, this.length + CLOSING_BYTES);
  }

  /** What is to be published; to be asked before the block is sealed. */
  frames(): Frame[] {
    this.encode();
    if (this.live === undefined) return [];
    return [...this.live].flatMap(([user, { earlier, ranges }]) => {
      const pieces = [...earlier];
      for (let i = 0; i < ranges.length; i += 2) pieces.push(this.bytes.subarray(ranges[i], ranges[i + 1]));
      return framesOf(user, pieces);
    });
  }

  /** Its memory, for the next block; this one is of no use any more. */
  release(): Buffer {
    return this.bytes;
  }

  private liveOf(user: string): LiveEvents {
    this.live ??= new Map<string, LiveEvents>();
    let events = this.live.get(user);
    if (events === undefined) this.live.set(user, (events = { earlier: [], ranges: [] }));
    return events;
  }

  /** Makes room for the text and the closing bracket. */
  private reserve(text: string): void {
    const { bytes, length } = this;
    const room = bytes.length - length - CLOSING_BYTES;
    // The bytes are counted only when it may come to that.
    if (text.length * CHARACTER_BYTES <= room) return;
    const size = Buffer.byteLength(text);
    if (size <= room) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(length + size + CLOSING_BYTES, bytes.length * 2));
    bytes.copy(larger, 0, 0, length);
    this.bytes = larger;
  }
}
