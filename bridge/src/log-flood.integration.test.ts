import { createLogger } from '@flow-tracking/bridge';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { request, startTestBridge } from '../../test/support/bridge';
import { connectLive } from '../../test/support/live-client';
import { startTestRedis } from '../../test/support/redis-server';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../test/support/services';

const OUTAGE_MS = 3_000;
const WARN = 40;

interface Line {
  level: number;
  component: string;
  msg: string;
  partition?: number;
  reason?: string;
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A logger and the lines of warnings and errors that it has written. */
function captureLines() {
  const lines: Line[] = [];
  const write = (text: string): void => {
    const line = JSON.parse(text) as Line;
    if (line.level >= WARN) lines.push(line);
  };
  return { logger: createLogger('info', 'json', { write }), lines };
}

/** Uses the bridge as Grafana and its viewers would, until the outage is over. */
async function useFor(bridge: Awaited<ReturnType<typeof startTestBridge>>): Promise<void> {
  const end = Date.now() + OUTAGE_MS;
  for (let i = 0; Date.now() < end; i++) {
    await Promise.all([
      request(`${bridge.url}/api/v1/flows`),
      request(`${bridge.url}/api/v1/monitoring/enable/${i}`, { method: 'POST' }),
      request(`${bridge.url}/readyz`),
    ]);
    await delay(20);
  }
}

/** How often the line that came most often came; each partition has its own. */
function mostRepeated(lines: readonly Line[]): number {
  const counts = new Map<string, number>();
  for (const { component, msg, partition } of lines) {
    const line = `${component} ${msg} ${partition}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

it('logs a few lines, not thousands, while Redis is away', async () => {
  const redis = await startTestRedis();
  const { logger, lines } = captureLines();
  const bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix: uniquePrefix(),
    logger,
    env: { REDIS_URL: redis.url, FLOW_PARTITIONS: '8', FLOW_CONTROL_RATE_PER_MINUTE: '100000' },
  });
  try {
    const viewer = await connectLive(`${bridge.liveUrl}/1`);
    await viewer.next('snapshot');
    const before = lines.length;
    await redis.signal('SIGKILL');
    await useFor(bridge);
    const told = lines.slice(before);
    expect(told).toContainEqual(expect.objectContaining({ component: 'REDIS' }));
    expect(mostRepeated(told)).toBeLessThanOrEqual(2);
    expect(told.filter(({ partition }) => partition === undefined).length).toBeLessThan(10);
    await viewer.close();
  } finally {
    await bridge.stop();
    await redis.remove();
  }
});

it('logs a few lines, not thousands, while Postgres is away', async () => {
  const { port, hostname } = new URL(database.url);
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(Number(port), hostname);
    for (const socket of [client, server]) socket.on('error', () => undefined);
    client.pipe(server).pipe(client);
    sockets.add(client).add(server);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => proxy.once('listening', resolve));
  const proxied = new URL(database.url);
  proxied.port = String((proxy.address() as AddressInfo).port);
  const cut = (): void => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };

  const { logger, lines } = captureLines();
  const bridge = await startTestBridge({
    databaseUrl: proxied.href,
    prefix: uniquePrefix(),
    logger,
    env: { FLOW_PARTITIONS: '8', FLOW_CONTROL_RATE_PER_MINUTE: '100000' },
  }).catch((error: unknown) => {
    cut();
    throw error;
  });
  try {
    // Fills the pool.
    await Promise.all(Array.from({ length: 20 }, () => request(`${bridge.url}/api/v1/flows`)));
    const before = lines.length;
    cut();
    await useFor(bridge);
    const told = lines.slice(before);
    expect(told).toContainEqual(expect.objectContaining({ component: 'POSTGRES' }));
    expect(mostRepeated(told)).toBeLessThanOrEqual(2);
    expect(told.length).toBeLessThan(10);
  } finally {
    await bridge.stop();
  }
});
