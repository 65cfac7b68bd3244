import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Answers a request that offers to go on in a protocol that is not spoken here, such as `Upgrade: h2c`, as if it had not
 * offered: Node takes every upgrade for accepted once someone listens for any. The connection ends with the answer,
 * since Node reads no further requests from it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.8
 */
export function serveUpgrade(server: Server, request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // An upgrade comes on the socket that the server accepted.
  const accepted = socket as Socket;
  response.assignSocket(accepted);
  response.once('finish', () => accepted.destroySoon());
  accepted.setTimeout(server.timeout, () => accepted.destroy());
  server.emit('request', request, response);
}
