import type { WebSocket } from 'ws';

const INTERVAL_MS = 15_000;

/** Pings every client and cuts off those that have not answered the ping before: at most 30 s after they died. */
export interface Heartbeat {
  watch(client: WebSocket): void;
  stop(): void;
}

export function createHeartbeat(clients: Iterable<WebSocket>): Heartbeat {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const client of clients) {
      if (silent.has(client)) {
        // Not close(): that waits for an answer which will not come.
        client.terminate();
        continue;
      }
      silent.add(client);
      client.ping();
    }
  }, INTERVAL_MS);
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
