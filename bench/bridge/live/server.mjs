// A server that relays what is published in Redis to WebSocket viewers, a process of its own: our bridge, or socket.io
// with its Redis adapter. It tells what it has used over IPC.
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { collectGarbage, memoryInUse } from '../../memory.mjs';

/** @typedef {{ cpuUs: number } & import('../../memory.mjs').Memory} Reading */
/** @typedef {{ port: number, stop: () => Promise<void> }} Relay */

const [, , variant = '', redisUrl = '', databaseUrl = ''] = process.argv;

/** @returns {Promise<Relay>} */
async function startOurs() {
  const { createLogger, readConfig, startBridge } = await import('@flow-tracking/bridge');
  const config = readConfig({
    REDIS_URL: redisUrl,
    DATABASE_URL: databaseUrl,
    FLOW_PREFIX: 'bench-live',
    FLOW_BRIDGE_PORT: '0',
  });
  return startBridge(config, createLogger('warn', 'json'));
}

/** @returns {Promise<Relay>} */
async function startSocketIo() {
  const { Server } = await import('socket.io');
  const { createAdapter } = await import('@socket.io/redis-adapter');
  const server = createServer();
  const publisher = new Redis(redisUrl);
  const subscriber = publisher.duplicate();
  const io = new Server(server, {
    adapter: createAdapter(publisher, subscriber),
    transports: ['websocket'],
    perMessageDeflate: false,
    serveClient: false,
  });
  io.on('connection', (socket) => {
    void socket.join(String(socket.handshake.query['user']));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    port,
    async stop() {
      await io.close();
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

const relay = await (variant === 'bridge' ? startOurs() : startSocketIo());

process.on('message', (command) => {
  if (command === 'collect') collectGarbage();
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuUs: user + system, ...memoryInUse() });
});
// The runner is gone.
process.on('disconnect', () => process.exit(1));
process.once('SIGTERM', () => void relay.stop().then(() => process.exit(0)));
process.send?.({ port: relay.port });
