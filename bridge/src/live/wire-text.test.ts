import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { createServer } from 'node:http';
import { fromWireText, toWireText } from './wire-text';

describe('toWireText', () => {
  // Where the length takes another form, on both sides.
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])(
    'is read by any client, between frames of the library, with %i bytes',
    async (length) => {
      const server = createServer().listen(0, '127.0.0.1');
      const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
      const payload = 'é'.repeat(length >> 1) + 'x'.repeat(length % 2);
      server.on('upgrade', (request, socket, head) => {
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.send('before');
          socket.write(toWireText(Buffer.from(payload)));
          webSocket.send('after');
          webSocket.close();
        });
      });
      await once(server, 'listening');
      const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
      const messages: [string, boolean][] = [];
      client.on('message', (data: RawData, isBinary) => messages.push([(data as Buffer).toString(), isBinary]));
      await once(client, 'close');
      expect(messages).toEqual([
        ['before', false],
        [payload, false],
        ['after', false],
      ]);
      server.close();
    },
  );
});

describe('fromWireText', () => {
  it('gives back what was framed, however the lengths are written', () => {
    const payloads = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000].map((length) => Buffer.alloc(length, length % 251));
    const read = fromWireText(Buffer.concat(payloads.map(toWireText)));
    expect(read.map(({ length }) => length)).toEqual(payloads.map(({ length }) => length));
    expect(Buffer.concat(read).equals(Buffer.concat(payloads))).toBe(true);
  });
});
