import { WebSocket } from 'ws';
import { WATCHED } from './size.mjs';

const RECONNECT_MS = 100;

/**
 * A viewer of one bridge, wherever that listens now, who comes back whenever it is gone.
 *
 * @param {() => number} port
 */
export function openSteadyViewer(port) {
  let latestTs = 0;
  let isClosed = false;
  /** @type {WebSocket} */
  let socket;
  const connect = () => {
    if (isClosed) return;
    socket = new WebSocket(`ws://127.0.0.1:${port()}/ws/flows/${WATCHED}`);
    socket.on('error', () => undefined);
    socket.on('close', () => setTimeout(connect, RECONNECT_MS));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.type === 'events') for (const { ts } of frame.events) latestTs = Math.max(latestTs, ts);
    });
  };
  connect();
  return {
    /** Of the latest event that came live. Epoch ms. */
    latestTs: () => latestTs,
    close() {
      isClosed = true;
      socket.terminate();
    },
  };
}
