const FIN_AND_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
const LENGTH_BITS = 0x7f;

/**
 * A whole WebSocket text frame of a server, which masks nothing: to be written to any number of sockets as it is, so that
 * the header is made once and each gets it by one write.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function textFrame(payload: Buffer): Buffer {
  const { length } = payload;
  const headerBytes = length < LENGTH_IN_16_BITS ? 2 : length < 0x10000 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = FIN_AND_TEXT;
  if (headerBytes === 2) frame[1] = length;
  else if (headerBytes === 4) {
    frame[1] = LENGTH_IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  payload.copy(frame, headerBytes);
  return frame;
}

/** What is in whole frames that {@link textFrame} made, one or several after another; not copied. */
export function textPayloads(frames: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < frames.length;) {
    const short = frames.readUInt8(at + 1) & LENGTH_BITS;
    let start = at + 2;
    let length = short;
    if (short === LENGTH_IN_16_BITS) {
      length = frames.readUInt16BE(start);
      start += 2;
    } else if (short === LENGTH_IN_64_BITS) {
      length = Number(frames.readBigUInt64BE(start));
      start += 8;
    }
    payloads.push(frames.subarray(start, start + length));
    at = start + length;
  }
  return payloads;
}
