const FIN_AND_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
const LENGTH_BITS = 0x7f;

/**
 * The bytes of a text message on a WebSocket, from a server, which masks nothing: to be written to any number of sockets as
 * they are, so that the header is made once and each gets them by one write.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function toWireText(payload: Buffer): Buffer {
  const { length } = payload;
  const headerBytes = length < LENGTH_IN_16_BITS ? 2 : length < 0x10000 ? 4 : 10;
  const wire = Buffer.allocUnsafe(headerBytes + length);
  wire[0] = FIN_AND_TEXT;
  if (headerBytes === 2) wire[1] = length;
  else if (headerBytes === 4) {
    wire[1] = LENGTH_IN_16_BITS;
    wire.writeUInt16BE(length, 2);
  } else {
    wire[1] = LENGTH_IN_64_BITS;
    wire.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(wire, headerBytes);
  return wire;
}

/** What {@link toWireText} was given, of one or several messages after another; not copied. */
export function fromWireText(wire: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < wire.length;) {
    const short = wire.readUInt8(at + 1) & LENGTH_BITS;
    let start = at + 2;
    let length = short;
    if (short === LENGTH_IN_16_BITS) {
      length = wire.readUInt16BE(start);
      start += 2;
    } else if (short === LENGTH_IN_64_BITS) {
      length = Number(wire.readBigUInt64BE(start));
      start += 8;
    }
    payloads.push(wire.subarray(start, start + length));
    at = start + length;
  }
  return payloads;
}
