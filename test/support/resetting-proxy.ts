import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface ResettingProxy {
  readonly url: string;
  /** Connections that were reset so far, with a write half sent and with a write whose answer was withheld. */
  readonly resets: Readonly<{ sending: number; answering: number }>;
  /** From now on it resets connections, or no longer does. */
  setBroken(isBroken: boolean): void;
  close(): Promise<void>;
}

/** Bytes that a connection may send, in turn: below the size of one batch, about one, and a few. */
const BUDGETS = [100_000, 500_000, 1_200_000];

/**
 * Stands before a Redis and resets each connection that has sent a number of bytes: in turns in the middle of a write,
 * which Redis then never executes, and when it answers the write, which Redis then has executed.
 */
export async function startResettingProxy(targetPort: number): Promise<ResettingProxy> {
  const sockets = new Set<Socket>();
  const resets = { sending: 0, answering: 0 };
  let isBroken = false;

  const server = createServer((client) => {
    const redis = connect(targetPort, '127.0.0.1');
    let sentBytes = 0;
    let isOver = false;
    const reset = (kind: keyof typeof resets): void => {
      resets[kind] += 1;
      client.resetAndDestroy();
      redis.destroy();
    };
    const isDue = (): boolean => {
      const count = resets.sending + resets.answering;
      return isBroken && sentBytes > (BUDGETS[count % BUDGETS.length] ?? 0);
    };
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('drain', () => other.resume());
    }
    client.on('data', (chunk) => {
      if (isOver) return;
      sentBytes += chunk.length;
      const isTurn = resets.sending <= resets.answering;
      if (isTurn && isDue()) {
        isOver = true;
        // The write's beginning arrives.
        redis.write(chunk.subarray(0, chunk.length >> 1), () => reset('sending'));
      } else if (!redis.write(chunk)) client.pause();
    });
    redis.on('data', (chunk) => {
      if (isOver) return;
      const isTurn = resets.sending > resets.answering;
      if (isTurn && isDue()) {
        isOver = true;
        reset('answering');
      } else if (!client.write(chunk)) redis.pause();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    resets,
    setBroken(value) {
      isBroken = value;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
