import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { npmCommand } from './npm.mjs';
import { waitForRecorded } from './pid-record.mjs';
import { runCommand } from './run-command.mjs';
import { repoRoot } from './settings.mjs';

/**
 * Installs a folder's dependencies from its lockfile, when they are missing or not those of the lockfile.
 *
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.name for messages and the log's name
 * @param {string} options.logDir
 * @param {string[]} [options.only] workspaces to install now; `.` is the root itself. Default: all. A later call without it
 *   adds the rest
 * @param {AbortSignal | undefined} [options.abort]
 * @returns {Promise<boolean>} whether something had to be done
 */
export async function ensureInstalled({ folder, name, logDir, only, abort }) {
  // An npm of another script, or of one that was killed, may still be at work here; two at once would spoil the folder.
  const recordFile = path.join(repoRoot, '.flow/run', `npm-${path.basename(folder)}.json`);
  await waitForRecorded(recordFile, abort);
  const modules = path.join(folder, 'node_modules');
  const stampFile = path.join(modules, '.flow-installed');
  const markFile = path.join(modules, '.flow-installing');
  // Native packages are chosen by platform and Node's ABI.
  const wanted = fingerprint(
    [path.join(folder, 'package-lock.json')],
    [process.platform, process.arch, process.versions.modules],
  );
  const stamp = readStamp(stampFile);
  if (stamp === wanted || (only !== undefined && stamp === `${wanted} part`)) return false;

  // npm writes its own lockfile last, so without it, or with our mark, an install was cut short: begin anew.
  const isWhole = existsSync(path.join(modules, '.package-lock.json')) && !existsSync(markFile);
  const selection = (only ?? []).map((workspace) =>
    workspace === '.' ? '--include-workspace-root' : `--workspace=${workspace}`,
  );
  // --include=dev: NODE_ENV=production must not leave out the compiler.
  const common = ['--include=dev', '--no-audit', '--no-fund', '--no-update-notifier'];
  const args = isWhole ? ['install', '--no-save', ...common] : ['ci', ...common, ...selection];
  if (isWhole) writeStamp(markFile, new Date().toISOString());
  await runCommand({
    ...npmCommand(...args),
    name: `npm ${args[0]} (${name})`,
    cwd: folder,
    logFile: path.join(logDir, `install-${name}.log`),
    recordFile,
    abort,
  });
  rmSync(markFile, { force: true });
  writeStamp(stampFile, only === undefined || isWhole ? wanted : `${wanted} part`);
  return true;
}
