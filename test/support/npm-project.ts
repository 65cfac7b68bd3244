import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const repoRoot = path.resolve(__dirname, '../..');

/** A folder outside of the repository, where nothing but what is installed there can be found. */
export interface NpmProject {
  readonly dir: string;
  /** Runs npm there, as a user calls it; resolves with what it prints. */
  npm(...args: string[]): Promise<string>;
  /** Adds packages, by names with or without a version. */
  install(...packages: string[]): Promise<string>;
  /** The files of an installed package, as paths from its folder. */
  filesOf(name: string): string[];
  /** The maps of an installed package that name a source that is not there. */
  brokenMapsOf(name: string): string[];
  remove(): Promise<void>;
}

/** npm without what a script of npm's own hands to those that it starts: its settings, and the folder that it ran in. */
async function npm(cwd: string, ...args: string[]): Promise<string> {
  const keep = /^npm_config_(registry|cache|userconfig|globalconfig|offline)$/i;
  const env = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_ENV$)/i.test(name) || keep.test(name));
  return (await promisify(execFile)('npm', args, { cwd, env: Object.fromEntries(env) })).stdout;
}

/** A project without any package. */
export async function emptyProject(): Promise<NpmProject> {
  // Behind a link (macOS) Node names its modules by their real path.
  const dir = await realpath(await mkdtemp(path.join(tmpdir(), 'flow-test-project-')));
  const inProject = (name: string): string => path.join(dir, 'node_modules', name);
  const filesOf = (name: string): string[] =>
    readdirSync(inProject(name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(inProject(name), path.join(entry.parentPath, entry.name)));
  const hasItsSources = (name: string, file: string): boolean => {
    const map = path.join(inProject(name), file);
    const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] };
    return sources.every((source) => existsSync(path.resolve(path.dirname(map), source)));
  };
  await writeFile(path.join(dir, 'package.json'), '{ "private": true }\n');
  const install = (...packages: string[]) =>
    npm(dir, 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages);
  return {
    dir,
    npm: (...args) => npm(dir, ...args),
    install,
    filesOf,
    brokenMapsOf: (name) => filesOf(name).filter((file) => file.endsWith('.map') && !hasItsSources(name, file)),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/**
 * Packs these workspaces, as they are built, and installs the tarballs in a project of their own.
 *
 * @param beside further packages that the project has
 */
export async function installPacked(
  workspaces: readonly string[],
  beside: readonly string[] = [],
): Promise<NpmProject> {
  const project = await emptyProject();
  const { dir } = project;
  await npm(repoRoot, 'pack', '--pack-destination', dir, ...workspaces.map((name) => `--workspace=${name}`));
  const tarballs = readdirSync(dir).filter((name) => name.endsWith('.tgz'));
  await project.install(...tarballs.map((name) => `./${name}`), ...beside);
  return project;
}
