import type { WebSocket } from 'ws';

export const HEARTBEAT_MS = 15_000;

/** Pings every client and cuts off those that have not answered the ping before: at most twice the interval after they died. */
export interface Heartbeat {
  watch(client: WebSocket): void;
  stop(): void;
}

export function createHeartbeat(
  clients: Iterable<WebSocket>,
  onCutOff: () => void,
  intervalMs = HEARTBEAT_MS,
): Heartbeat {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const client of clients) {
      if (silent.has(client)) {
        // Not close(): that waits for an answer which will not come.
        client.terminate();
        onCutOff();
        continue;
      }
      silent.add(client);
      client.ping();
    }
  }, intervalMs);
  timer.unref();
  return {
    watch(client) {
      client.on('pong', () => silent.delete(client));
    },
    stop() {
      clearInterval(timer);
    },
  };
}
