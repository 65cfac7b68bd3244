import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { waitFor } from '../../../test/support/wait-for';
import { createHeartbeat, HEARTBEAT_MS } from './heartbeat';

const INTERVAL_MS = 100;

describe('the heartbeat', () => {
  it('drops a client that is half open after two intervals, and keeps one that answers', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    let cutOff = 0;
    const heartbeat = createHeartbeat(server.clients, () => (cutOff += 1), INTERVAL_MS);
    server.on('connection', (client) => heartbeat.watch(client));
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const alive = new WebSocket(url);
    // As one whose machine has gone: its end of the connection is open and says nothing.
    const halfOpen = new WebSocket(url, { autoPong: false });
    await Promise.all([once(alive, 'open'), once(halfOpen, 'open')]);
    const openedAt = performance.now();
    await once(halfOpen, 'close');
    expect(performance.now() - openedAt).toBeLessThan(4 * INTERVAL_MS);
    expect(alive.readyState).toBe(WebSocket.OPEN);
    await waitFor('the server has let go of it', () => server.clients.size === 1);
    expect(cutOff).toBe(1);
    heartbeat.stop();
    alive.terminate();
    server.close();
  });

  it('takes 40 s at most', () => {
    expect(2 * HEARTBEAT_MS).toBeLessThanOrEqual(40_000);
  });
});
