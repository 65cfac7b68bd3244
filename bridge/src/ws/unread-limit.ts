import type { WebSocket } from 'ws';

/** What may wait for all clients together. One that holds no more than its share is never cut off for the others. */
const MAX_UNREAD_BYTES = 96 * 1024 * 1024;
const SHARE_BYTES = 96 * 1024;
const CHECK_MS = 500;

/** Bounds what waits for all clients together: those that hold most are cut off. */
export interface UnreadLimit {
  add(webSocket: WebSocket, cutOff: () => void): void;
  stop(): void;
}

export function createUnreadLimit(maxBytes = MAX_UNREAD_BYTES): UnreadLimit {
  const clients = new Map<WebSocket, () => void>();

  const check = (): void => {
    let total = 0;
    for (const webSocket of clients.keys()) total += webSocket.bufferedAmount;
    if (total <= maxBytes) return;
    const most = [...clients].sort(([a], [b]) => b.bufferedAmount - a.bufferedAmount);
    for (const [webSocket, cutOff] of most) {
      const { bufferedAmount } = webSocket;
      if (total <= maxBytes || bufferedAmount <= SHARE_BYTES) return;
      total -= bufferedAmount;
      if (webSocket.readyState === webSocket.OPEN) cutOff();
    }
  };
  const timer = setInterval(check, CHECK_MS);

  return {
    add(webSocket, cutOff) {
      clients.set(webSocket, cutOff);
      webSocket.once('close', () => clients.delete(webSocket));
    },
    stop: () => clearInterval(timer),
  };
}
