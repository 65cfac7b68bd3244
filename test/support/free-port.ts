import { createServer } from 'node:net';

/**
 * Below the ports that Linux (32,768) and macOS (49,152) give to outgoing connections: one of those may be taken between
 * the moment it is chosen and the moment its server listens, or while a server that was killed is away.
 */
const FIRST_PORT = 20_000;
const PORTS_PER_WORKER = 1500;
const SLICES = 8;

const slice = (Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % SLICES;
/** Two test runs at once would begin at the same port. */
let next = Math.floor(Math.random() * PORTS_PER_WORKER);

/**
 * A port of loopback on which nobody listens, of those that are this Jest worker's own. A test file gets each of them
 * once.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS_PER_WORKER; tries++) {
    const port = FIRST_PORT + slice * PORTS_PER_WORKER + (next++ % PORTS_PER_WORKER);
    if (await canListen(port)) return port;
  }
  throw new Error(`No port of ${PORTS_PER_WORKER} is free`);
}

function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
