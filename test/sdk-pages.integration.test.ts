import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ModelServer } from '../integrations/src/testing/model-server';
import { startCannedModel } from './support/canned-model';
import { codeBlocks } from './support/code-blocks';
import { type PageModule, pageModules } from './support/page-modules';
import { startNode } from './support/process';
import { redisUrl, uniquePrefix } from './support/services';
import { waitFor } from './support/wait-for';

const repoRoot = path.resolve(__dirname, '..');
const RUNNER = path.join(__dirname, 'pages', 'sdk-page-runner.mjs');
const TYPE_CHECK_MS = 180_000;
/** All of them, on a machine that is busy. */
const RUN_MS = 120_000;
const ONE_MS = 30_000;

const prefix = uniquePrefix();
const stream = redisKeys(prefix).stream(0);
/** A project with all that is installed here. */
let project: string;
let redis: Redis;
let model: ModelServer;
let modules: PageModule[];

const fileOf = ({ name }: PageModule): string => path.join(project, `${name.replaceAll(/\W+/g, '-')}.mjs`);

/** Pages of SDKs, and that of OpenTelemetry, which has some JavaScript as well. */
async function findPages(): Promise<string[]> {
  const names = await readdir(path.join(repoRoot, 'docs'));
  return names.filter((name) => /^(sdk-.*|opentelemetry)\.md$/.test(name)).map((name) => `docs/${name}`);
}

beforeAll(async () => {
  redis = new Redis(redisUrl());
  model = await startCannedModel();
  project = await realpath(await mkdtemp(path.join(tmpdir(), 'flow-test-sdk-pages-')));
  await symlink(path.join(repoRoot, 'node_modules'), path.join(project, 'node_modules'));
  await writeFile(path.join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  modules = (await findPages()).flatMap(pageModules);
  for (const module of modules) await writeFile(fileOf(module), module.code);
});

afterAll(async () => {
  await model.close();
  await redis.del(stream);
  await redis.quit();
  await rm(project, { recursive: true, force: true });
});

async function recorded(): Promise<FlowEvent[]> {
  const entries = await redis.xrange(stream, '-', '+');
  return entries.flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent));
}

/** Runs a module to its end. One with an app is asked, and stopped when the flows of the answers are in Redis. */
async function run(module: PageModule): Promise<FlowEvent[]> {
  await redis.del(stream);
  const program = startNode([RUNNER, fileOf(module), JSON.stringify(module.routes)], {
    NODE_ENV: 'test',
    OPENAI_API_KEY: 'none',
    OPENAI_BASE_URL: `${model.url}/v1`,
    ANTHROPIC_API_KEY: 'none',
    ANTHROPIC_BASE_URL: model.url,
    REDIS_URL: redisUrl(),
    FLOW_PREFIX: prefix,
    FLOW_PARTITIONS: '1',
  });
  try {
    // Without a close it goes on, as a server does.
    if (module.code.includes('flowTracking(') && !module.code.includes('.close(')) {
      await waitFor(
        `${module.name} is done, and recorded`,
        async () => {
          if (program.child.exitCode !== null) return true;
          const ended = (await recorded()).filter(({ type }) => type === 'flow_end');
          return /^done$/m.test(program.output()) && ended.length >= module.flows;
        },
        ONE_MS,
      );
    } else await program.exited;
    expect({ module: module.name, output: program.output() }).toEqual({ module: module.name, output: 'done\n' });
    return await recorded();
  } finally {
    program.child.kill('SIGKILL');
  }
}

describe('the JavaScript of the pages of SDKs', () => {
  it('is found, and none of it is TypeScript, which would be left out here', async () => {
    const pages = await findPages();
    expect(pages).toEqual(expect.arrayContaining(['docs/sdk-anthropic.md', 'docs/sdk-openai.md', 'docs/sdk-otel.md']));
    const others = pages
      .flatMap((page) => codeBlocks(page))
      .filter(({ language }) => /^(ts|jsx|tsx|javascript|typescript)$/.test(language));
    expect(others).toEqual([]);
    const withCode = new Set(modules.map(({ name }) => name.split(' ')[0]));
    expect(pages.filter((page) => page.includes('sdk-') && !withCode.has(page))).toEqual([]);
  });

  it(
    'type-checks',
    async () => {
      const tsc = path.join(repoRoot, 'node_modules/typescript/bin/tsc');
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--allowJs', '--checkJs', '--target', 'es2023'];
      const globals = path.join(project, 'globals.d.ts');
      await writeFile(globals, 'declare var app: import("express").Express;\n');
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [tsc, ...options, '--module', 'nodenext', '--types', 'node', globals, ...modules.map(fileOf)],
        { cwd: project },
      ).catch((error: unknown) => error as { stdout: string });
      expect(stdout).toBe('');
    },
    TYPE_CHECK_MS,
  );

  it(
    'runs, and records checkpoints that end well',
    async () => {
      for (const module of modules) {
        const events = await run(module);
        const ends = events.flatMap((event) =>
          event.type === 'checkpoint_end' ? [[event.checkpoint, event.status]] : [],
        );
        expect([module.name, module.flows > 0, ends.length > 0]).toEqual([
          module.name,
          module.flows > 0,
          module.flows > 0,
        ]);
        expect([module.name, ends.filter(([, status]) => status !== 'ok')]).toEqual([module.name, []]);
      }
    },
    RUN_MS,
  );
});
