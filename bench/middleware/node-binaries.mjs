import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { npmCommand } from '../../scripts/lib/npm.mjs';
import { runCommand } from '../../scripts/lib/run-command.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';

const ownMajor = Number(process.versions.node.split('.')[0]);

/**
 * Node of a major version: this one, or npm's package `node`, kept under `.flow/node`.
 *
 * @param {number} major
 * @param {{ logDir: string }} options
 * @returns {Promise<string>} path of the binary
 */
export async function provideNode(major, { logDir }) {
  if (major === ownMajor) return process.execPath;
  const dir = path.join(repoRoot, '.flow/node', String(major));
  const binary = path.join(dir, 'node_modules/node/bin/node');
  if (existsSync(binary)) return binary;
  mkdirSync(dir, { recursive: true });
  await runCommand({
    ...npmCommand('install', '--no-save', '--no-audit', '--no-fund', '--prefix', dir, `node@${major}`),
    name: `npm install node@${major}`,
    cwd: dir,
    logFile: path.join(logDir, `node-${major}.log`),
  });
  return binary;
}
