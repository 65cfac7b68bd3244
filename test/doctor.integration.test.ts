import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startTestBridge } from './support/bridge';
import { startNode } from './support/process';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';

const DOCTOR = join(__dirname, '..', 'scripts', 'doctor.mjs');
const READ = 'read-token-of-the-doctor';
const CONTROL = 'control-token-of-the-doctor';

interface Check {
  id: string;
  status: string;
  detail: string;
  fix: string | null;
}

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { FLOW_READ_TOKENS: READ, FLOW_CONTROL_TOKENS: CONTROL };
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix(), env });
});
afterAll(async () => {
  await bridge.stop();
  await database.drop();
});

async function run(args: string[], env: Record<string, string> = {}): Promise<{ code: unknown; output: string }> {
  const process = startNode([DOCTOR, ...args], env);
  const code = await process.exited;
  return { code, output: process.output() };
}

async function examine(env: Record<string, string>, ...args: string[]) {
  const { code, output } = await run(['--json', ...args], env);
  const { checks } = JSON.parse(output) as { checks: Check[] };
  return { code, of: (id: string) => checks.find((check) => check.id === id), checks };
}

describe('npm run doctor', () => {
  it('finds that all is well, from this machine to the row of a test flow', async () => {
    const env = {
      FLOW_READ_TOKENS: READ,
      FLOW_CONTROL_TOKENS: CONTROL,
      REDIS_URL: redisUrl(),
      DATABASE_URL: database.url,
    };
    const { checks } = await examine(env, '--bridge-url', bridge.url, '--user', '#h?x&y=1');
    const of = (status: string) => checks.filter((check) => check.status === status).map(({ id }) => id);
    // The servers of a test run keep no append-only file, and nobody records.
    expect(of('fail')).toEqual([]);
    expect(of('ok')).toEqual(
      expect.arrayContaining([
        ...['local_node', 'local_redis', 'local_postgres', 'local_bridge', 'local_websocket'],
        ...['redis_reachable', 'postgres_schema', 'flow_recorded', 'flow_live', 'flow_stored'],
      ]),
    );
    expect(of('warn')).toContain('monitoring');

    const text = await run(['--bridge-url', `${bridge.url}/`], { FLOW_READ_TOKEN: READ, FLOW_CONTROL_TOKEN: CONTROL });
    expect(text.code).toBe(0);
    expect(text.output).toMatch(/^✓ The bridge answers/m);
    expect(text.output).toMatch(/^! Applications record[^]*\n {4}→ Start the application/m);
    expect(text.output).not.toContain(READ);
  });

  it('says how to start a bridge that is down, and fails', async () => {
    const { code, of } = await examine({ FLOW_BRIDGE_URL: 'http://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(of('local_bridge')).toMatchObject({ status: 'fail', fix: expect.stringContaining('npm start') });
    expect(of('local_checks')).toMatchObject({ status: 'skip' });
  });

  it('says that something else listens there', async () => {
    const server = createServer((_req, res) => res.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { of } = await examine({ FLOW_BRIDGE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect(of('local_bridge')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('not as a bridge does'),
    });
    server.close();
  });

  it('says which token is missing or wrong', async () => {
    const { code, of } = await examine({
      FLOW_BRIDGE_URL: bridge.url,
      FLOW_READ_TOKEN: READ,
      FLOW_CONTROL_TOKEN: READ,
    });
    expect([code, of('local_websocket')?.status]).toEqual([1, 'ok']);
    expect(of('local_checks')).toMatchObject({ status: 'fail', fix: expect.stringContaining('FLOW_CONTROL_TOKEN') });
    const without = await examine({ FLOW_BRIDGE_URL: bridge.url });
    expect(without.of('local_websocket')).toMatchObject({
      status: 'fail',
      fix: expect.stringContaining('FLOW_READ_TOKEN'),
    });
  });

  it('says that Redis and Postgres are not where they are said to be, without a password', async () => {
    const env = {
      REDIS_URL: 'redis://:secret@127.0.0.1:1',
      DATABASE_URL: 'postgres://u:secret@no-such-host.invalid/x',
    };
    const { output, code } = await run(['--json', '--bridge-url', bridge.url], env);
    expect(code).toBe(1);
    expect(output).toMatch(/ECONNREFUSED[^]*no-such-host\.invalid is not known/);
    expect(output).not.toContain('secret');
  });

  it('refuses arguments that it does not know', async () => {
    expect((await run(['--help'])).output).toContain('Usage: npm run doctor');
    for (const args of [['--nonsense'], ['--bridge-url', 'ftp://x'], ['argument']]) {
      expect([args, (await run(args)).code]).toEqual([args, 2]);
    }
  });
});
