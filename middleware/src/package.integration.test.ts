import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../test/support/free-port';
import { inFull } from '../../test/support/length';
import { installPacked, type NpmProject } from '../../test/support/npm-project';
import { startNode } from '../../test/support/process';
import { redisUrl, uniquePrefix } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';

const repoRoot = path.resolve(__dirname, '../..');
/** Seconds when npm has all in its cache. */
const INSTALL_TIMEOUT_MS = 120_000;
/** Some 20 s, libraries included, on a machine that has nothing else to do. */
const TYPE_CHECK_TIMEOUT_MS = 120_000;
const packages = ['protocol', 'middleware'] as const;
const run = promisify(execFile);
const prefix = uniquePrefix();
const keys = redisKeys(prefix);

interface Manifest {
  version: string;
  peerDependencies: Record<string, string>;
  dependencies: Record<string, string>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

let project: NpmProject;
let redis: Redis;

const inProject = (...names: string[]): string => path.join(project.dir, ...names);
const installed = (name: string): string => inProject('node_modules', name);

/** Runs a module of the project and gives what it printed as JSON. */
async function runModule(name: string, source: string): Promise<unknown> {
  await writeFile(inProject(name), source);
  const started = startNode([inProject(name)], { REDIS_URL: redisUrl(), FLOW_PREFIX: prefix });
  const code = await started.exited;
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${started.output()}`);
  return JSON.parse(started.output()) as unknown;
}

beforeAll(async () => {
  redis = new Redis(redisUrl());
  const types = readManifest(path.join(repoRoot, 'node_modules/@types/express')).version;
  project = await installPacked(packages, ['express', `@types/express@${types}`]);
}, INSTALL_TIMEOUT_MS);

afterAll(async () => {
  await redis.del(...Array.from({ length: 4 }, (_, i) => keys.stream(i)));
  await redis.quit();
  await project.remove();
});

describe.each([
  ['protocol', '@flow-tracking/protocol'],
  ['middleware', '@flow-tracking/express'],
])('the package of %s', (_folder, name) => {
  it('holds the build with its sources, README and licence, and nothing of the tests', () => {
    const files = project.filesOf(name);
    const others = files.filter((file) => !/^(dist\/.+\.(js|d\.ts)(\.map)?|src\/.+\.ts)$/.test(file));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(files.filter((file) => /\.test\.|testing\/parity|harness/.test(file))).toEqual([]);
    const license = readFileSync(path.join(installed(name), 'LICENSE'), 'utf8');
    expect(license).toBe(readFileSync(path.join(repoRoot, 'LICENSE'), 'utf8'));
  });

  it('has maps that lead to sources', () => {
    expect(project.filesOf(name)).toContain('dist/index.js.map');
    expect(project.brokenMapsOf(name)).toEqual([]);
  });
});

/** The README's first complete program, to be saved as `server.mjs`. */
async function readmeProgram(): Promise<string> {
  const readme = await readFile(path.join(installed('@flow-tracking/express'), 'README.md'), 'utf8');
  const program = /^```js\n(\/\/ server\.mjs\n.*?)^```$/ms.exec(readme)?.[1];
  if (program === undefined) throw new Error('README.md has no program that begins with // server.mjs');
  return program;
}

async function streamEvents(): Promise<FlowEvent[]> {
  const entries = await redis.xrange(keys.stream(0), '-', '+');
  return entries.flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent));
}

/** Runs the README's program, asks it what the README asks it, and stops it as a supervisor does. */
async function runReadme(): Promise<{ answer: string; events: FlowEvent[]; output: string }> {
  await writeFile(inProject('server.mjs'), await readmeProgram());
  await redis.del(keys.stream(0));
  const port = await freePort();
  const server = startNode([inProject('server.mjs')], {
    PORT: `${port}`,
    REDIS_URL: redisUrl(),
    FLOW_PREFIX: prefix,
    FLOW_PARTITIONS: '1',
  });
  try {
    const response = await waitFor('the program answers', () => {
      if (server.child.exitCode !== null) throw new Error(server.output());
      return fetch(`http://127.0.0.1:${port}/ask/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user': '123' },
        body: JSON.stringify({ question: 'Why?' }),
      });
    });
    const answer = await response.text();
    // It ends by itself, once the server has closed and all is written.
    expect(await server.stop()).toBe(0);
    return { answer, events: await streamEvents(), output: server.output() };
  } finally {
    server.child.kill('SIGKILL');
  }
}

const readmeFlow = [
  { type: 'flow_start', seq: 0, name: 'POST /ask/stream', service: 'app' },
  { type: 'flow_identified', user_id: '123' },
  { type: 'checkpoint', checkpoint: 'auth_check', status: 'ok' },
  { type: 'checkpoint', checkpoint: 'llm_thinking', status: 'running' },
  {
    type: 'checkpoint_end',
    checkpoint: 'llm_thinking',
    status: 'ok',
    attributes: { 'flow.chunks': 3, 'gen_ai.usage.output_tokens': 3 },
  },
  { type: 'flow_end', status: 'ok', http_status: 200 },
];

/** Type-checks a program of the project with the repository's compiler, libraries included; resolves with its complaints. */
async function typeErrors(file: string, ...options: string[]): Promise<string> {
  const tsc = path.join(repoRoot, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '--noEmit', '--strict', '--types', 'node', '--target', 'es2023', ...options, file];
  try {
    await run(process.execPath, args, { cwd: project.dir });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

/** `main` and `types` instead of `exports`; the compiler wants to be told that this is meant. */
const CLASSIC = ['--module', 'commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'];

const consumer = `
import { createServer } from 'node:http';
import express from 'express';
import { Redis } from 'ioredis';
import {
  ATTRIBUTES, currentFlow, errorHandler, flowTracking, FlowTrackingError,
  type Flow, type FlowTracking, type FlowTrackingOptions, type FlowTrackingStats, type TimedCheckpoint,
} from '@flow-tracking/express';
import { testTracking, type TestFlow } from '@flow-tracking/express/testing';

const options: FlowTrackingOptions = {
  redis: new Redis({ lazyConnect: true }),
  userId: (req) => req.get('x-user'),
  redact: ['user.email'],
  limits: { queueEvents: 1000, queueBytes: undefined },
  // As of a configuration that may have it or not.
  service: undefined, sample: undefined, timeoutMs: undefined, traceId: undefined, flush: undefined,
};
const tracking: FlowTracking = flowTracking(options);
// @ts-expect-error -- no such option
flowTracking({ redisUrl: 'redis://localhost' });
// @ts-expect-error -- of another type
flowTracking({ partitions: '4' });
flowTracking({ redis: { sentinels: [{ host: 'localhost', port: 26379 }], name: 'mymaster' } });

createServer((req, res) => {
  tracking(req, res, () => res.end(String(currentFlow().recording)));
  tracking(req, res);
});

const app = express();
app.use(tracking);
app.get('/', async (req, res) => {
  const flow: Flow = req.flow;
  flow.identify({ userId: 7 });
  const step: TimedCheckpoint = flow.begin('llm_thinking', { [ATTRIBUTES.requestModel]: 'x' });
  const length: number = await step.run('tool_call', async () => 'four'.length);
  for await (const chunk of step.track(['a', 'b'])) res.write(chunk.toUpperCase());
  req.flow.begin('search', {}, { startedAt: new Date() }).within(() => 1).toFixed();
  step.firstChunk();
  step.end({ length });
  // @ts-expect-error -- a checkpoint has a name
  currentFlow().checkpoint();
  res.end();
});
app.use(errorHandler());
export const recorded: Promise<TestFlow[]> = testTracking(options).flows({ timeoutMs: 1 });
const stats: FlowTrackingStats = tracking.stats();
export const isFull = (error: unknown): boolean =>
  error instanceof FlowTrackingError && error.code === 'invalid_option' && stats.dropped.queue_full > 0;
`;

describe('installed in an empty project', () => {
  it('brings ioredis, which it shares with the application', () => {
    expect(existsSync(installed('ioredis'))).toBe(true);
    expect(existsSync(path.join(installed('@flow-tracking/express'), 'node_modules'))).toBe(false);
  });

  it("runs the README's program", async () => {
    const { answer, events, output } = await runReadme();
    expect({ answer, output }).toEqual({ answer: 'You asked: Why?\n', output: '' });
    expect(events).toMatchObject(readmeFlow);
  });

  it('is one by require and by import, with every name', async () => {
    const answer = await runModule(
      'both.mjs',
      `
      import { ATTRIBUTES, currentFlow, errorHandler, flowTracking, FlowTrackingError } from '@flow-tracking/express';
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const required = require('@flow-tracking/express');
      const imported = { ATTRIBUTES, currentFlow, errorHandler, flowTracking, FlowTrackingError };
      const app = require('express')();
      const tracking = required.flowTracking({ userId: () => 'both' });
      app.use(tracking);
      app.get('/', (req, res) => {
        const nested = currentFlow().run('step', () => required.currentFlow() === currentFlow());
        res.json({ isCurrent: currentFlow() === req.flow && currentFlow().recording, nested });
      });
      const server = app.listen(0, '127.0.0.1', async () => {
        const response = await fetch('http://127.0.0.1:' + server.address().port);
        const { isCurrent, nested } = await response.json();
        server.close();
        await tracking.close();
        console.log(JSON.stringify({
          isCurrent, nested,
          names: Object.keys(required).sort(),
          same: Object.keys(required).filter((name) => imported[name] === required[name]).sort(),
          outside: currentFlow().recording,
          version: require('@flow-tracking/express/package.json').version,
        }));
      });
      `,
    );
    const names = ['ATTRIBUTES', 'FlowTrackingError', 'currentFlow', 'errorHandler', 'flowTracking'];
    expect(answer).toEqual({
      isCurrent: true,
      nested: true,
      names,
      same: names,
      outside: false,
      version: readManifest(path.join(repoRoot, 'middleware')).version,
    });
  });

  it('has the tracking for tests beside it, by require and by import, and loads it for tests only', async () => {
    const answer = await runModule(
      'testing.mjs',
      `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const { currentFlow } = require('@flow-tracking/express');
      const loadedBefore = Object.keys(require.cache).filter((file) => file.includes('express/dist/testing/'));
      const { testTracking } = await import('@flow-tracking/express/testing');
      const tracking = testTracking();
      const app = require('express')();
      app.use(tracking);
      app.get('/', (req, res) => {
        currentFlow().checkpoint('step');
        res.end();
      });
      const server = app.listen(0, '127.0.0.1', async () => {
        await fetch('http://127.0.0.1:' + server.address().port);
        server.close();
        const [{ name, status, checkpoints }] = await tracking.flows();
        console.log(JSON.stringify({
          loadedBefore, name, status,
          checkpoints: checkpoints.map(({ name }) => name),
          same: require('@flow-tracking/express/testing').testTracking === testTracking,
        }));
      });
      `,
    );
    expect(answer).toEqual({ loadedBefore: [], name: 'GET /', status: 'ok', checkpoints: ['step'], same: true });
  });

  it(
    'type-checks in an ES module',
    async () => {
      await writeFile(inProject('consumer.mts'), consumer);
      expect(await typeErrors('consumer.mts', '--module', 'nodenext', '--exactOptionalPropertyTypes')).toBe('');
    },
    TYPE_CHECK_TIMEOUT_MS,
  );

  if (!inFull()) return;

  it.each([
    ['a CommonJS module, as Node resolves it', 'consumer.cts', ['--module', 'nodenext']],
    ['a CommonJS module, as older compilers resolve it', 'consumer.ts', CLASSIC],
  ])(
    'type-checks in %s',
    async (_what, file, options) => {
      await writeFile(inProject(file), consumer);
      expect(await typeErrors(file, ...options)).toBe('');
    },
    TYPE_CHECK_TIMEOUT_MS,
  );

  it(
    'runs with the oldest of each dependency that it allows',
    async () => {
      const { dependencies, peerDependencies } = readManifest(path.join(repoRoot, 'middleware'));
      const oldest = Object.entries({ ...peerDependencies, ...dependencies })
        .filter(([name]) => !name.startsWith('@flow-tracking/'))
        .map(([name, range]) => [name, /\d+\.\d+\.\d+/.exec(range)?.[0] ?? range] as const);
      await project.install(...oldest.map(([name, version]) => `${name}@${version}`));
      const found = oldest.map(([name]) => [name, readManifest(installed(name)).version]);
      expect(found).toEqual(oldest);
      const { answer, events, output } = await runReadme();
      expect({ answer, output }).toEqual({ answer: 'You asked: Why?\n', output: '' });
      expect(events).toMatchObject(readmeFlow);
      expect(await typeErrors('consumer.mts', '--module', 'nodenext', '--skipLibCheck')).toBe('');
    },
    INSTALL_TIMEOUT_MS,
  );
});
