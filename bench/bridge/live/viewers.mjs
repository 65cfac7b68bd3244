// Viewers of plain sockets that look at little more than the headers of frames: a client that costs more than the server
// would measure itself.
import { connect } from 'node:net';

/**
 * @typedef {object} Viewer
 * @property {() => void} close
 */

const TEXT = 1;
const PING = 9;
const PONG = 10;

/** Frames of a server, which are not masked. @param {(opcode: number, payload: Buffer) => void} onFrame @returns {(chunk: Buffer) => void} */
function frameReader(onFrame) {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 2) {
      const short = /** @type {number} */ (bytes[at + 1]) & 0x7f;
      const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length - at < headerBytes) break;
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      if (bytes.length - at < headerBytes + length) break;
      const opcode = /** @type {number} */ (bytes[at]) & 0x0f;
      onFrame(opcode, bytes.subarray(at + headerBytes, at + headerBytes + length));
      at += headerBytes + length;
    }
    rest = Buffer.from(bytes.subarray(at));
  };
}

/** A masked frame of a client, its mask being zero. @param {number} opcode @param {string | Buffer} data */
function clientFrame(opcode, data) {
  const payload = Buffer.from(data);
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/**
 * Opens a WebSocket connection.
 *
 * @param {number} port @param {string} path
 * @param {(text: Buffer, send: (text: string) => void) => void} onText
 * @returns {Promise<Viewer>}
 */
export function openViewer(port, path, onText) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  /** @param {string} text */
  const send = (text) => void socket.write(clientFrame(TEXT, text));
  const read = frameReader((opcode, payload) => {
    if (opcode === TEXT) onText(payload, send);
    if (opcode === PING) socket.write(clientFrame(PONG, payload));
  });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    let head = '';
    let isOpen = false;
    socket.on('data', (chunk) => {
      if (isOpen) {
        read(chunk);
        return;
      }
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      if (!head.startsWith('HTTP/1.1 101')) reject(new Error(`refused: ${head.slice(0, 60)}`));
      isOpen = true;
      read(Buffer.from(head.slice(end + 4), 'latin1'));
      resolve({ close: () => socket.destroy() });
    });
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
  });
}

/** Milliseconds that no clock of the machine sets back. */
export const nowMs = () => performance.timeOrigin + performance.now();
