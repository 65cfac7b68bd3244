import { randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

const ANSWER_MS = 5_000;

/**
 * Opens a WebSocket and gives the bridge's first frame. Without a client library, since this runs before any dependency is
 * installed, and Node.js 20 has none of its own.
 *
 * @param {string} bridgeUrl
 * @param {string | undefined} token
 * @returns {Promise<{ protocol: number }>}
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
export function helloOf(bridgeUrl, token) {
  const { request } = bridgeUrl.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const upgrade = request(`${bridgeUrl}/ws/flows`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    upgrade.setTimeout(ANSWER_MS, () => upgrade.destroy(new Error(`no answer within ${ANSWER_MS / 1_000} s`)));
    upgrade.once('error', reject);
    upgrade.once('response', (response) => {
      response.resume();
      upgrade.destroy();
      reject(new Error(`The upgrade is answered with status ${response.statusCode}`));
    });
    upgrade.once('upgrade', (_response, socket, head) => {
      let bytes = head;
      const take = () => {
        const text = firstText(bytes);
        if (text === undefined) return;
        socket.destroy();
        resolve(JSON.parse(text));
      };
      socket.on('data', (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        take();
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('The connection was closed before the first frame')));
      take();
    });
    upgrade.end();
  });
}

/**
 * The text of the first frame, once it is there. A server's frames are not masked, and the first one is short.
 *
 * @param {Buffer} bytes
 */
function firstText(bytes) {
  if (bytes.length < 4) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const [at, length] = short === 126 ? [4, bytes.readUInt16BE(2)] : [2, short];
  return bytes.length < at + length ? undefined : bytes.toString('utf8', at, at + length);
}
