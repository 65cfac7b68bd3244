import { redisKeys, type FlowDetail } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { addEvents, chatFlow } from '../../test/support/flow-events';
import { freePort } from '../../test/support/free-port';
import { installPacked, type NpmProject } from '../../test/support/npm-project';
import { startNode, untilHealthy } from '../../test/support/process';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';

const repoRoot = path.resolve(__dirname, '../..');
const BRIDGE = '@flow-tracking/bridge';
/** Seconds when npm has all in its cache. */
const INSTALL_TIMEOUT_MS = 180_000;

let project: NpmProject;
let database: TestDatabase;

beforeAll(async () => {
  [project, database] = await Promise.all([installPacked(['protocol', 'bridge']), createTestDatabase()]);
}, INSTALL_TIMEOUT_MS);

afterAll(async () => {
  await Promise.all([project.remove(), database.drop()]);
});

const read = (...names: string[]): string => readFileSync(path.join(...names), 'utf8');
const installed = (...names: string[]): string => path.join(project.dir, 'node_modules', BRIDGE, ...names);
const migrations = readdirSync(path.join(repoRoot, 'migrations')).sort();

/** The command that npm has linked, with this environment alone. */
const flowBridge = (args: string[], env: Record<string, string> = {}) =>
  startNode([path.join(project.dir, 'node_modules', '.bin', 'flow-bridge'), ...args], env, project.dir);

describe('the package of the bridge', () => {
  it('holds the build with its sources, the migrations, README and licence, and nothing of the tests', () => {
    const files = project.filesOf(BRIDGE);
    const others = files.filter((file) => !/^(dist\/.+\.(js|d\.ts)(\.map)?|src\/.+\.ts)$/.test(file));
    const expected = ['LICENSE', 'README.md', 'package.json', ...migrations.map((name) => `migrations/${name}`)];
    expect(others.sort()).toEqual(expected.sort());
    expect(files.filter((file) => /\.test\.|testing/.test(file))).toEqual([]);
    for (const name of migrations) expect(read(installed('migrations', name))).toBe(read(repoRoot, 'migrations', name));
    expect(read(installed('LICENSE'))).toBe(read(repoRoot, 'LICENSE'));
  });

  it('has maps that lead to sources', () => {
    expect(project.filesOf(BRIDGE)).toContain('dist/main.js.map');
    expect(project.brokenMapsOf(BRIDGE)).toEqual([]);
  });

  it('leaves nothing of its packing in the repository', () => {
    expect(existsSync(path.join(repoRoot, 'bridge', 'migrations'))).toBe(false);
  });
});

describe('installed in an empty project', () => {
  it('answers npx flow-bridge --help', async () => {
    const help = await project.npm('exec', '--offline', '--', 'flow-bridge', '--help');
    expect(help).toMatch(/^Usage: flow-bridge /);
    expect(help).toMatch(/^ {2}FLOW_BRIDGE_PORT .* 8090$/m);
  });

  it('gives its names to require, and starts nothing by that', async () => {
    const program = `console.log(Object.keys(require('${BRIDGE}')).sort().join())`;
    const { exited, output } = startNode(['-e', program], {}, project.dir);
    expect(await exited).toBe(0);
    expect(output()).toBe('BridgeError,createLogger,readConfig,startBridge\n');
  });

  it('migrates an empty Postgres, records a flow and answers it', async () => {
    const env = { REDIS_URL: redisUrl(), DATABASE_URL: database.url, FLOW_PREFIX: uniquePrefix() };
    const migration = flowBridge(['--migrate'], env);
    expect(await migration.exited).toBe(0);
    expect(migration.output()).toBe(`Migrated: ${migrations.join(', ')}\n`);

    const port = await freePort();
    const bridge = flowBridge([], { ...env, FLOW_BRIDGE_PORT: `${port}`, LOG_LEVEL: 'warn' });
    const redis = new Redis(env.REDIS_URL);
    try {
      await untilHealthy(bridge, `http://127.0.0.1:${port}/readyz`);
      const events = chatFlow({ userId: 'packed' });
      const id = events[0]?.flow_id ?? '';
      await addEvents(redis, redisKeys(env.FLOW_PREFIX), events);
      const flow = await waitFor('the flow is answered', async () => {
        const response = await fetch(`http://127.0.0.1:${port}/api/v1/flows/${id}`);
        return response.ok && ((await response.json()) as FlowDetail);
      });
      expect(flow).toMatchObject({ flow: { flow_id: id, user_id: 'packed', status: 'ok' } });
      expect(flow.checkpoints.map(({ checkpoint }) => checkpoint)).toEqual(['auth_check', 'llm_thinking', 'tool_call']);
      expect(await bridge.stop()).toBe(0);
    } finally {
      bridge.child.kill('SIGKILL');
      const left = await redis.keys(`${env.FLOW_PREFIX}:*`);
      if (left.length > 0) await redis.del(...left);
      await redis.quit();
    }
  });
});
