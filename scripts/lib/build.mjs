import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { ensureInstalled } from './install.mjs';
import { npmCommand } from './npm.mjs';
import { runCommand } from './run-command.mjs';
import { repoRoot } from './settings.mjs';

/** What the plugin is built from; its pictures are those of the docs, its dashboards those that are provisioned. */
const PLUGIN_INPUTS = ['grafana-plugin', 'protocol/src', 'package-lock.json', 'docs/images', 'provisioning/dashboards'];

/** @typedef {{ logDir: string, abort?: AbortSignal | undefined }} BuildOptions */

/** What bridge and chat server need; the plugin's workspace is the larger part and can follow. */
const SERVER_WORKSPACES = ['protocol', 'middleware', 'bridge', 'examples/chat-server', 'examples/research-agent'];

/**
 * Measured on two cores: 11 s with the compiler among the workspaces' own dependencies, 25 s with all of the root's test
 * and lint tools, 75 s with the plugin's workspace too.
 *
 * @param {BuildOptions} options
 */
export function installForServers(options) {
  const root = SERVER_WORKSPACES.some(bringsCompiler) ? [] : ['.'];
  return ensureInstalled({ ...options, folder: repoRoot, name: 'servers', only: [...SERVER_WORKSPACES, ...root] });
}

/** @param {string} workspace */
function bringsCompiler(workspace) {
  /** @type {{ devDependencies?: Record<string, string> }} */
  const { devDependencies } = JSON.parse(readFileSync(path.join(repoRoot, workspace, 'package.json'), 'utf8'));
  return devDependencies?.['typescript'] !== undefined;
}

/** @param {BuildOptions} options */
export function installWorkspaces(options) {
  return ensureInstalled({ ...options, folder: repoRoot, name: 'workspaces' });
}

/** @param {BuildOptions} options */
export function installPluginSpecs(options) {
  return ensureInstalled({ ...options, folder: path.join(repoRoot, 'grafana-plugin/e2e'), name: 'plugin-e2e' });
}

/** @param {BuildOptions} options */
export function installPreview(options) {
  return ensureInstalled({ ...options, folder: path.join(repoRoot, 'preview'), name: 'preview' });
}

/**
 * Compiles protocol, middleware, bridge and chat server; the compiler itself knows what changed.
 *
 * @param {BuildOptions} options
 */
export async function buildServers({ logDir, abort }) {
  await runCommand({
    name: 'tsc -b',
    command: process.execPath,
    args: [path.join(repoRoot, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.build.json'],
    cwd: repoRoot,
    logFile: path.join(logDir, 'build-servers.log'),
    abort,
  });
}

/**
 * @param {BuildOptions} options
 * @returns {Promise<boolean>} whether it had to be built
 */
export async function buildPlugin({ logDir, abort }) {
  const inputs = PLUGIN_INPUTS.map((name) => path.join(repoRoot, name));
  const stampFile = path.join(repoRoot, 'node_modules/.cache/flow-tracking/plugin-build');
  const wanted = fingerprint(inputs);
  const isBuilt = existsSync(path.join(repoRoot, 'grafana-plugin/dist/module.js'));
  if (isBuilt && readStamp(stampFile) === wanted) return false;
  await runCommand({
    ...npmCommand('run', 'build', '--workspace', 'grafana-plugin'),
    name: 'The build of the Grafana plugin',
    cwd: repoRoot,
    logFile: path.join(logDir, 'build-plugin.log'),
    abort,
  });
  writeStamp(stampFile, wanted);
  return true;
}

/** @typedef {'12' | '13'} GrafanaMajor */

/**
 * Its build script is incremental itself. The libraries of Grafana 12 are the plugin's, so its workspace has to be
 * installed for them.
 *
 * @param {BuildOptions & { grafana?: readonly GrafanaMajor[] }} options the majors to build it for, by default 12
 */
export async function buildPreview({ logDir, abort, grafana = ['12'] }) {
  await runCommand({
    ...npmCommand('run', 'build', '--', `--grafana=${grafana.join(',')}`),
    name: 'The build of the preview',
    cwd: path.join(repoRoot, 'preview'),
    logFile: path.join(logDir, 'build-preview.log'),
    abort,
  });
}
