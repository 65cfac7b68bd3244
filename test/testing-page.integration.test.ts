import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { codeBlocks } from './support/code-blocks';
import { startNode, type TestProcess } from './support/process';

const repoRoot = path.resolve(__dirname, '..');
/** Of a runner that starts on a busy machine. */
const TIMEOUT_MS = 120_000;

/** A project with the page's files, and all that is installed here. */
let project: string;
let runner: TestProcess | undefined;

beforeAll(async () => {
  project = await realpath(await mkdtemp(path.join(tmpdir(), 'flow-test-testing-page-')));
  await symlink(path.join(repoRoot, 'node_modules'), path.join(project, 'node_modules'));
  await writeFile(path.join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  for (const { file, code } of codeBlocks('docs/testing.md')) {
    if (file !== undefined) await writeFile(path.join(project, file), code);
  }
});

afterEach(() => runner?.child.kill('SIGKILL'));

afterAll(() => rm(project, { recursive: true, force: true }));

const bin = (name: string): string => path.join(repoRoot, 'node_modules', name);
/** A developer's project has it in node_modules, where Jest transforms nothing. */
const jestConfig = JSON.stringify({
  testMatch: ['**/*.jest.test.js'],
  transform: {
    '^(?!.*/dist/).*\\.js$': [
      bin('@swc/jest'),
      { jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
});

describe('docs/testing.md', () => {
  it.each([
    ['Jest', [bin('jest/bin/jest.js'), '--config', jestConfig], 2, /Tests:\s+(\d+) passed, \d+ total/],
    [
      'Vitest',
      [bin('vitest/vitest.mjs'), 'run', '--no-color', 'ask.vitest.test.js'],
      1,
      /Tests\s+(\d+) passed \(\d+\)/,
    ],
    ['node:test', ['--test', '--test-reporter=tap', 'ask.node.test.js'], 1, /# pass (\d+)\n# fail 0/],
  ])(
    'has tests for %s that pass, and leave nothing open',
    async (_runner, args, count, passed) => {
      // The runner ends by itself, or this test takes too long.
      runner = startNode(args, { NODE_ENV: 'test' }, project);
      const code = await runner.exited;
      const output = runner.output();
      expect(output).toMatch(passed);
      expect({ code, passed: Number(passed.exec(output)?.[1]) }).toEqual({ code: 0, passed: count });
      expect(output).not.toMatch(/did not exit|open handle/i);
    },
    TIMEOUT_MS,
  );
});
