const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const TWO_32 = 4_294_967_296;
const MAX_VARINT_BYTES = 10;

/** The message is not what its definition says. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/**
 * Reads protobuf's wire format. What is asked for in the wrong wire type is refused, and nothing is read beyond the end.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
  /** Where the message that is being read ends. */
  private end: number;
  private at = 0;
  private wireType = VARINT;

  constructor(private readonly buffer: Buffer) {
    this.end = buffer.length;
  }

  /** Begins to read a message within this one. @returns what {@link leave} wants when it is read */
  enter(): number {
    const length = this.length();
    const outer = this.end;
    this.end = this.at + length;
    return outer;
  }

  /** Ends the reading of a message, after its last field. */
  leave(outer: number): void {
    this.end = outer;
  }

  /** Number of the next field, whose value must be read or skipped then; 0: there is none. */
  next(): number {
    if (this.at >= this.end) return 0;
    const tag = this.rawVarint();
    this.wireType = tag & 7;
    const field = Math.floor(tag / 8);
    if (field === 0) throw new WireError('field 0');
    return field;
  }

  /** Passes over a value that is not wanted. */
  skip(): void {
    switch (this.wireType) {
      case VARINT:
        this.rawVarint();
        return;
      case FIXED64:
        this.advance(8);
        return;
      case BYTES:
        this.advance(this.length());
        return;
      case FIXED32:
        this.advance(4);
        return;
      default:
        throw new WireError(`expected a wire type of protobuf 3, got ${this.wireType}`);
    }
  }

  text(): string {
    const length = this.length();
    return this.buffer.toString('utf8', this.at, (this.at += length));
  }

  hex(): string {
    const length = this.length();
    return this.buffer.toString('hex', this.at, (this.at += length));
  }

  base64(): string {
    const length = this.length();
    return this.buffer.toString('base64', this.at, (this.at += length));
  }

  uint(): number {
    this.expect(VARINT);
    return this.rawVarint();
  }

  /** A signed integer; as text where a number would not hold it. */
  int64(): number | string {
    this.expect(VARINT);
    const from = this.at;
    const value = this.rawVarint();
    if (this.at - from < MAX_VARINT_BYTES && value <= Number.MAX_SAFE_INTEGER) return value;
    const exact = this.exactVarint(from);
    const number = Number(exact);
    return Number.isSafeInteger(number) ? number : exact.toString();
  }

  double(): number {
    this.expect(FIXED64);
    return this.buffer.readDoubleLE(this.advance(8));
  }

  fixed64(): number {
    this.expect(FIXED64);
    const at = this.advance(8);
    return this.buffer.readUInt32LE(at + 4) * TWO_32 + this.buffer.readUInt32LE(at);
  }

  fixed32(): number {
    this.expect(FIXED32);
    return this.buffer.readUInt32LE(this.advance(4));
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType) throw new WireError(`expected wire type ${wireType}, got ${this.wireType}`);
  }

  private advance(bytes: number): number {
    const at = this.at;
    if (bytes > this.end - at) throw new WireError(`expected ${bytes} bytes, got ${this.end - at}`);
    this.at = at + bytes;
    return at;
  }

  private length(): number {
    this.expect(BYTES);
    const length = this.rawVarint();
    if (length > this.end - this.at) throw new WireError(`expected ${length} bytes, got ${this.end - this.at}`);
    return length;
  }

  /** Without the bits that a number does not hold exactly. */
  private rawVarint(): number {
    let value = 0;
    let factor = 1;
    for (let shift = 0; shift < 7 * MAX_VARINT_BYTES; shift += 7) {
      const byte = this.buffer[this.advance(1)] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new WireError(`expected a varint of at most ${MAX_VARINT_BYTES} bytes`);
  }

  private exactVarint(from: number): bigint {
    let value = 0n;
    for (let i = this.at - 1; i >= from; i--) value = (value << 7n) | BigInt((this.buffer[i] ?? 0) & 0x7f);
    return BigInt.asIntN(64, value);
  }
}
