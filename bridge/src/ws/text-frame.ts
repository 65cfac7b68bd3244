const FIN_AND_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

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
