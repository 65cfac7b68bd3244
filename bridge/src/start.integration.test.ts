import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request, startTestBridge } from '../../test/support/bridge';
import { connectLive } from '../../test/support/live-client';
import { startNode } from '../../test/support/process';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { startTcpProxy } from '../../test/support/tcp-proxy';

const MIGRATIONS = join(__dirname, '..', '..', 'migrations');

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('starting', () => {
  it('says what is wrong when Postgres can not be reached', async () => {
    const start = startTestBridge({ databaseUrl: 'postgres://127.0.0.1:1/none', prefix: uniquePrefix() });
    await expect(start).rejects.toMatchObject({
      code: 'postgres_unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('says which variable to set when its port is in use', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => blocker.once('listening', resolve));
    const { port } = blocker.address() as AddressInfo;
    const start = startTestBridge({
      databaseUrl: database.url,
      prefix: uniquePrefix(),
      env: { FLOW_BRIDGE_PORT: String(port) },
    });
    await expect(start).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining('FLOW_BRIDGE_PORT'),
    });
    await new Promise((resolve) => blocker.close(resolve));
  });

  it('calls it no failure of history that Redis takes a moment to be connected', async () => {
    const proxy = await startTcpProxy(Number(new URL(redisUrl()).port));
    proxy.setMode('hold');
    const connected = setTimeout(() => proxy.setMode('pass'), 300);
    const bridge = await startTestBridge({
      databaseUrl: database.url,
      prefix: uniquePrefix(),
      env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` },
    });
    try {
      const { body } = await request(`${bridge.url}/readyz`);
      expect(body.checks).toEqual({ postgres: 'ok', redis: 'ok', history: 'ok' });
    } finally {
      clearTimeout(connected);
      await bridge.stop();
      await proxy.close();
    }
  });

  it('waits for a Redis that is not there, saying so, and answers history meanwhile', async () => {
    const bridge = await startTestBridge({
      databaseUrl: database.url,
      prefix: uniquePrefix(),
      env: { REDIS_URL: 'redis://127.0.0.1:1' },
    });
    try {
      const ready = await request(`${bridge.url}/readyz`);
      expect(ready.status).toBe(503);
      expect(ready.body.checks.postgres).toBe('ok');
      expect(ready.body.checks.redis).not.toBe('ok');
      expect((await request(`${bridge.url}/api/v1/flows`)).status).toBe(200);
      const enable = await request(`${bridge.url}/api/v1/monitoring/enable/1`, { method: 'POST' });
      expect([enable.status, enable.body.error.code]).toEqual([503, 'redis_unavailable']);
    } finally {
      await bridge.stop();
    }
  });
});

describe('a start that fails', () => {
  const inDist = (file: string): string => JSON.stringify(join(__dirname, '..', 'dist', file));
  /** Ends by itself only if nothing is left open. */
  const SCRIPT = `
const { createLogger, readConfig, startBridge } = require(${inDist('index.js')});
const steps = require(${inDist('platform/steps.js')}).createSteps();
const config = { ...readConfig(process.env), ...JSON.parse(process.env.CHANGES) };
let stepsLeft = Number(process.env.GOOD_STEPS ?? Infinity);
const open = (name, ...step) => {
  if (stepsLeft-- > 0) return steps.open(name, ...step);
  return Promise.reject(Object.assign(new Error(name), { code: name }));
};
startBridge(config, createLogger('silent', 'json'), { ...steps, open }).then(
  (bridge) => bridge.stop().then(() => console.log('started')),
  (error) => console.log(error.code),
);`;
  /** The exit code, or the signal that ended what did not end by itself; and what the script says. */
  const start = async (
    changes: object,
    env: Record<string, string> = {},
  ): Promise<[number | NodeJS.Signals, string]> => {
    const starting = startNode(['-e', SCRIPT], {
      REDIS_URL: redisUrl(),
      DATABASE_URL: database.url,
      FLOW_PREFIX: uniquePrefix(),
      FLOW_BRIDGE_PORT: '0',
      CHANGES: JSON.stringify({ migrationsDir: MIGRATIONS, ...changes }),
      ...env,
    });
    const late = setTimeout(() => starting.child.kill('SIGKILL'), 25_000);
    const code = await starting.exited;
    clearTimeout(late);
    return [code, starting.output()];
  };
  let emptyDir: string;
  let brokenDir: string;
  let blocker: Server;

  beforeAll(async () => {
    emptyDir = await mkdtemp(join(tmpdir(), 'flow-start-'));
    brokenDir = await mkdtemp(join(tmpdir(), 'flow-start-'));
    await writeFile(join(brokenDir, '9999_break.sql'), 'BEGIN; SELECT nonsense; COMMIT;');
    blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
  });
  afterAll(async () => {
    for (const dir of [emptyDir, brokenDir]) await rm(dir, { recursive: true });
    blocker.close();
  });

  it.each([
    ['its port is in use', 'port_in_use', () => ({ port: (blocker.address() as AddressInfo).port })],
    ['its address is not this machine', 'EADDRNOTAVAIL', () => ({ host: '192.0.2.1' })],
    ['a token file can not be read', 'invalid_config', () => ({ readTokensFile: join(emptyDir, 'none') })],
    ['Postgres is away', 'postgres_unavailable', () => ({ databaseUrl: 'postgres://127.0.0.1:1/none' })],
    ['a migration fails', 'migration_failed', () => ({ migrationsDir: brokenDir })],
    ['there are no migrations to read', 'ENOENT', () => ({ migrationsDir: join(emptyDir, 'none') })],
  ])('leaves nothing open when %s', async (_what, code, changes) => {
    expect(await start(changes())).toEqual([0, `${code}\n`]);
  });

  it('leaves nothing open whichever part can not be opened', async () => {
    const failed: string[] = [];
    for (;;) {
      const [exitCode, output] = await start({}, { GOOD_STEPS: String(failed.length) });
      expect([failed.length, exitCode]).toEqual([failed.length, 0]);
      if (output === 'started\n') break;
      failed.push(output.trimEnd());
    }
    expect(failed).toEqual([
      'token files',
      'postgres',
      'redis',
      'subscriptions',
      'monitoring',
      'live',
      'partitions',
      'stream readers',
      'span export',
      'ingest',
      'upkeep',
      'status reports',
      'erasures',
      'server',
    ]);
  }, 120_000);
});

describe('stopping', () => {
  it('tells viewers to reconnect, and cuts off the one that does not answer', async () => {
    const bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
    const viewer = await connectLive(`${bridge.liveUrl}/1`);
    // A client that opens the connection and then never reads nor answers.
    const stalled = connect(bridge.port, '127.0.0.1');
    stalled.write(
      'GET /ws/flows HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await new Promise((resolve) => stalled.once('data', resolve));
    stalled.pause();
    const stalledClosed = new Promise((resolve) => stalled.once('close', resolve));

    await bridge.stop();
    expect(await viewer.closed).toBe(1001);
    stalled.resume();
    await stalledClosed;
  });

  it('may be asked twice', async () => {
    const bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
    await Promise.all([bridge.stop(), bridge.stop()]);
    await bridge.stop();
  });
});
