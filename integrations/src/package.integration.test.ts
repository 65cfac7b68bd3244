import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installPacked, type NpmProject } from '../../test/support/npm-project';
import { startNode } from '../../test/support/process';

const repoRoot = path.resolve(__dirname, '../..');
/** Seconds when npm has all in its cache. */
const INSTALL_TIMEOUT_MS = 120_000;
const TYPE_CHECK_TIMEOUT_MS = 120_000;
const NAME = '@flow-tracking/integrations';

interface Manifest {
  version: string;
  exports: Record<string, unknown>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
const manifest = manifestOf(path.join(repoRoot, 'integrations'));
/** `openai`, … */
const subpaths = Object.keys(manifest.exports).flatMap((key) => (key === './package.json' ? [] : [key.slice(2)]));
const optionalPeers = Object.keys(manifest.peerDependenciesMeta);

let project: NpmProject;
const inProject = (...names: string[]): string => path.join(project.dir, ...names);

/** Runs a module of the project and gives what it printed as JSON. */
async function runModule(name: string, source: string): Promise<unknown> {
  await writeFile(inProject(name), source);
  const started = startNode([inProject(name)]);
  const code = await started.exited;
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${started.output()}`);
  return JSON.parse(started.output()) as unknown;
}

beforeAll(async () => {
  const types = manifestOf(path.join(repoRoot, 'node_modules/@types/express')).version;
  project = await installPacked(['protocol', 'middleware', 'integrations'], ['express', `@types/express@${types}`]);
}, INSTALL_TIMEOUT_MS);

afterAll(() => project.remove());

describe('the package of integrations', () => {
  it('holds the build with its sources, README and licence, and nothing of the tests', () => {
    const files = project.filesOf(NAME);
    const others = files.filter((file) => !/^(dist\/.+\.(js|d\.ts)(\.map)?|src\/.+\.ts)$/.test(file));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(files.filter((file) => /\.test\.|testing/.test(file))).toEqual([]);
    expect(project.brokenMapsOf(NAME)).toEqual([]);
  });

  it('needs no SDK, and brings none', () => {
    expect(Object.keys(manifest.peerDependencies).filter((name) => !optionalPeers.includes(name))).toEqual([
      '@flow-tracking/express',
    ]);
    expect(optionalPeers.filter((name) => existsSync(inProject('node_modules', name)))).toEqual([]);
  });

  it('has a type for each subpath where `exports` are not read', () => {
    const { typesVersions } = manifest as unknown as { typesVersions: Record<string, Record<string, string[]>> };
    expect(Object.keys(typesVersions['*'] ?? {}).sort()).toEqual([...subpaths].sort());
  });
});

describe.each(subpaths)('the subpath %s, without any SDK', (subpath) => {
  const specifier = `${NAME}/${subpath}`;

  it('is one by require and by import, with every name', async () => {
    const answer = await runModule(
      `${subpath}-both.mjs`,
      `
      import * as imported from '${specifier}';
      import { createRequire } from 'node:module';
      const required = createRequire(import.meta.url)('${specifier}');
      const names = Object.keys(required).sort();
      console.log(JSON.stringify({ names, same: names.filter((name) => imported[name] === required[name]) }));
      `,
    );
    const { names } = answer as { names: string[] };
    expect(answer).toEqual({ names, same: names });
    expect(names).not.toEqual([]);
  });

  it('loads itself, what integrations share, and the protocol, and nothing else', async () => {
    const loaded = await runModule(
      `${subpath}-loaded.cjs`,
      `require('${specifier}'); console.log(JSON.stringify(Object.keys(require.cache)));`,
    );
    const own = `node_modules/${NAME}/dist/`;
    const allowed = [`${own}${subpath}/`, `${own}shared/`, `${own}errors.js`, 'node_modules/@flow-tracking/protocol/'];
    const others = (loaded as string[])
      .map((file) => path.relative(project.dir, file).replaceAll(path.sep, '/'))
      .filter((file) => file !== `${subpath}-loaded.cjs` && !allowed.some((start) => file.startsWith(start)));
    expect(others).toEqual([]);
  });
});

it(
  'has types that need no SDK',
  async () => {
    await writeFile(
      inProject('consumer.mts'),
      subpaths.map((subpath, i) => `import * as m${i} from '${NAME}/${subpath}';\nvoid m${i};\n`).join(''),
    );
    const tsc = path.join(repoRoot, 'node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--types', 'node', '--target', 'es2023', '--module', 'nodenext'];
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, ...options, 'consumer.mts'], {
      cwd: project.dir,
    }).catch((error: unknown) => error as { stdout: string });
    expect(stdout).toBe('');
  },
  TYPE_CHECK_TIMEOUT_MS,
);
