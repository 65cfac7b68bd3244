import type { Batch, Frame } from './batch';

/** Most bytes of one frame, about. */
const FRAME_SIZE = 256 * 1024;
/** Characters that become bytes together, about. A frame does not split them. */
const PIECE_LENGTH = 16 * 1024;
const FIRST_CAPACITY = 16 * 1024;
/** Most UTF-8 bytes of a UTF-16 unit. */
const CHARACTER_BYTES = 3;
/** The closing bracket. The opening one takes the place of the first event's comma. */
export const CLOSING_BYTES = 1;
const OPENING = 0x5b;
const CLOSING = 0x5d;
const TAIL = Buffer.from(']}');

/** What the viewers of one user get. Each piece of bytes holds events with a comma before each. */
interface LiveEvents {
  /** Events that an earlier block holds. */
  readonly earlier: Buffer[];
  /** Where the events are in this block. */
  readonly ranges: { readonly start: number; readonly end: number }[];
}

function framesOf(userId: string, pieces: readonly Buffer[]): Frame[] {
  const head = Buffer.from(`{"type":"events","user_id":${JSON.stringify(userId)},"events":[`);
  const frames: Frame[] = [];
  let inFrame: Buffer[] = [];
  let size = 0;
  const close = (): void => {
    frames.push({ userId, bytes: Buffer.concat([head, ...inFrame, TAIL]) });
    inFrame = [];
    size = 0;
  };
  for (const piece of pieces) {
    if (size > 0 && size + piece.length > FRAME_SIZE) close();
    // Without the comma before the first event.
    inFrame.push(size === 0 ? piece.subarray(1) : piece);
    size += piece.length;
  }
  close();
  return frames;
}

/** Events as the bytes of one JSON array, as the stream keeps them, and which of them are published. */
export class EventBlock {
  count = 0;
  /** Its memory. The next block may use it once this one is written. */
  bytes: Buffer;
  private length = 0;
  /** Events that are not bytes yet. All of them have the same viewers. */
  private text = '';
  private textUser: string | undefined;
  private earlierSize = 0;
  private readonly live = new Map<string, LiveEvents>();

  /** @param spare memory to use. Memory outside of V8's heap is expensive to allocate, and causes collections */
  constructor(spare?: Buffer) {
    this.bytes = spare ?? Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  }

  /** Bytes of the sealed block and of earlier events. What is not bytes yet counts by its characters. */
  get size(): number {
    return this.length + this.text.length + CLOSING_BYTES + this.earlierSize;
  }

  /** The most that {@link size} can be once everything is bytes. */
  get sizeAtMost(): number {
    return this.size + this.text.length * (CHARACTER_BYTES - 1);
  }

  get hasLive(): boolean {
    return this.live.size > 0 || this.textUser !== undefined;
  }

  /** @param event JSON text after a comma @param liveUser the user whose viewers get it, too */
  append(event: string, liveUser: string | undefined): void {
    if (liveUser !== this.textUser || this.text.length >= PIECE_LENGTH) {
      this.encode();
      this.textUser = liveUser;
    }
    this.text += event;
    this.count += 1;
  }

  /** Publishes events that an earlier block holds, each after a comma. */
  addEarlier(events: readonly string[], user: string): void {
    for (const event of events) {
      const bytes = Buffer.from(event);
      this.earlierSize += bytes.length;
      this.liveOf(user).earlier.push(bytes);
    }
  }

  /** Turns all text into bytes, so that {@link size} is exact. */
  encode(): void {
    if (this.text === '') return;
    const start = this.length;
    this.reserve();
    this.length += this.bytes.write(this.text, start);
    this.text = '';
    if (this.textUser !== undefined) this.liveOf(this.textUser).ranges.push({ start, end: this.length });
  }

  /** The whole block as a JSON array. Nothing may be appended afterwards. */
  seal(): Batch['blocks'][number] {
    this.encode();
    this.bytes[0] = OPENING;
    this.bytes[this.length] = CLOSING;
    return { bytes: this.bytes.subarray(0, this.length + CLOSING_BYTES), count: this.count };
  }

  /** What is to be published. Call it before `seal`. */
  frames(): Frame[] {
    this.encode();
    return Array.from(this.live, ([user, { earlier, ranges }]) => {
      const own = ranges.map(({ start, end }) => this.bytes.subarray(start, end));
      return framesOf(user, [...earlier, ...own]);
    }).flat();
  }

  private liveOf(user: string): LiveEvents {
    let events = this.live.get(user);
    if (events === undefined) this.live.set(user, (events = { earlier: [], ranges: [] }));
    return events;
  }

  /** Makes room for the text and the closing bracket. */
  private reserve(): void {
    const { bytes, length, text } = this;
    const room = bytes.length - length - CLOSING_BYTES;
    // Bytes are counted only if they may be too many.
    if (text.length * CHARACTER_BYTES <= room) return;
    const size = Buffer.byteLength(text);
    if (size <= room) return;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(length + size + CLOSING_BYTES, bytes.length * 2));
    bytes.copy(this.bytes, 0, 0, length);
  }
}
