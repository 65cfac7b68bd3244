import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { npmCommand } from '../../scripts/lib/npm.mjs';
import { runCommand } from '../../scripts/lib/run-command.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { SetupError } from '../../scripts/lib/setup-error.mjs';

/**
 * A built checkout of a commit.
 *
 * @typedef {object} Tree
 * @property {string} root
 * @property {string} sha
 * @property {() => void} remove
 */

/** @param {string[]} args */
const git = (...args) => execFileSync('git', args, { cwd: repoRoot, encoding: 'utf8', stdio: 'pipe' }).trim();

/** @param {string} ref @returns {string} its commit */
export function commitOf(ref) {
  try {
    return git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`);
  } catch {
    throw new SetupError(`expected a commit, a branch or a tag of this repository, got ${JSON.stringify(ref)}`);
  }
}

/**
 * Checks a commit out under `.flow/compare` and builds its servers there.
 *
 * @param {string} ref
 * @param {{ logDir: string }} options
 * @returns {Promise<Tree>}
 */
export async function prepareTree(ref, { logDir }) {
  const sha = commitOf(ref);
  const root = path.join(repoRoot, '.flow/compare', sha);
  const remove = () => {
    rmSync(root, { recursive: true, force: true });
    git('worktree', 'prune');
  };
  // What a run that was killed has left.
  remove();
  process.once('exit', remove);
  git('worktree', 'add', '--detach', root, sha);
  try {
    await install(root, logDir);
    await runCommand({
      name: `tsc -b of ${ref}`,
      command: process.execPath,
      args: [path.join(root, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.build.json'],
      cwd: root,
      logFile: path.join(logDir, 'compare-build.log'),
    });
  } catch (error) {
    remove();
    throw error;
  }
  return { root, sha, remove };
}

/** @param {string} root @param {string} logDir */
async function install(root, logDir) {
  const lockfile = (/** @type {string} */ folder) => readFileSync(path.join(folder, 'package-lock.json'), 'utf8');
  if (lockfile(root) === lockfile(repoRoot) && existsSync(path.join(repoRoot, 'node_modules'))) {
    // Links of the files, since the workspaces in it are links to the folders beside it: each tree needs its own.
    await runCommand({
      name: 'cp -al node_modules',
      command: 'cp',
      args: ['-al', path.join(repoRoot, 'node_modules'), path.join(root, 'node_modules')],
      logFile: path.join(logDir, 'compare-install.log'),
    });
    return;
  }
  await runCommand({
    ...npmCommand('ci', '--include=dev', '--no-audit', '--no-fund', '--no-update-notifier'),
    name: 'npm ci of the older tree',
    cwd: root,
    logFile: path.join(logDir, 'compare-install.log'),
  });
}
