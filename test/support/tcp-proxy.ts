import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `stall`: connections stand, and nothing passes; `hold`: so with new ones; `refuse`: they are reset, new ones at once. */
export type ProxyMode = 'pass' | 'stall' | 'hold' | 'refuse';

/** Stands before a server, to be its broken network. */
export interface TcpProxy {
  readonly port: number;
  setMode(mode: ProxyMode): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'pass';

  const server = createServer((client) => {
    if (mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const target = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      if (mode === 'stall' || mode === 'hold') socket.pause();
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        if (!other.write(chunk)) socket.pause();
      });
      socket.on('drain', () => {
        if (mode !== 'stall') other.resume();
      });
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    setMode(next) {
      mode = next;
      for (const socket of sockets) {
        if (mode === 'refuse') socket.resetAndDestroy();
        else if (mode === 'stall') socket.pause();
        else if (mode === 'pass') socket.resume();
      }
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
