/** One message to the viewers of a user. Its bytes reach the datasource as they are. */
export interface Frame {
  readonly userId: string;
  readonly bytes: Buffer;
}

/** One frame takes about this many bytes at most. */
const FRAME_SIZE = 256 * 1024;
const COMMA = 0x2c;
const TAIL = ']}';

/** Bytes of JSON, one or more events with commas between. */
interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

function frameOf(user: string, pieces: readonly Piece[]): Frame {
  const head = `{"type":"events","user_id":${JSON.stringify(user)},"events":[`;
  const headBytes = Buffer.byteLength(head);
  const size = pieces.reduce((sum, { start, end }) => sum + end - start + 1, headBytes + TAIL.length);
  const frame = Buffer.allocUnsafe(size - 1);
  let length = frame.write(head);
  for (const [i, { bytes, start, end }] of pieces.entries()) {
    if (i > 0) frame[length++] = COMMA;
    length += bytes.copy(frame, length, start, end);
  }
  frame.write(TAIL, length);
  return { userId: user, bytes: frame };
}

/** A block's events for the viewers of one user: where their bytes stand in the block, and earlier ones as text. */
export class LiveEvents {
  private earlier: string[] = [];
  /** Start, end, start, end, … */
  private readonly ranges: number[] = [];

  addEarlier(events: readonly string[]): void {
    this.earlier = this.earlier.concat(events);
  }

  /** @param start offset of the event's first byte; its neighbour ends one byte, a comma, before */
  addRange(start: number, end: number): void {
    const last = this.ranges.length - 1;
    const isNext = this.ranges[last] === start - 1;
    if (isNext && end - (this.ranges[last - 1] ?? 0) <= FRAME_SIZE) this.ranges[last] = end;
    else this.ranges.push(start, end);
  }

  frames(user: string, block: Buffer): Frame[] {
    const frames: Frame[] = [];
    let pieces: Piece[] = [];
    let size = 0;
    for (const piece of this.pieces(block)) {
      const length = piece.end - piece.start;
      if (size > 0 && size + length > FRAME_SIZE) {
        frames.push(frameOf(user, pieces));
        pieces = [];
        size = 0;
      }
      pieces.push(piece);
      size += length;
    }
    frames.push(frameOf(user, pieces));
    return frames;
  }

  /** Those that were recorded before the user was known come first, since a flow's events are sent in order. */
  private *pieces(block: Buffer): Generator<Piece> {
    for (const event of this.earlier) {
      const bytes = Buffer.from(event);
      // Without the comma before it.
      yield { bytes, start: 1, end: bytes.length };
    }
    for (let i = 0; i < this.ranges.length; i += 2) {
      yield { bytes: block, start: this.ranges[i] ?? 0, end: this.ranges[i + 1] ?? 0 };
    }
  }
}
