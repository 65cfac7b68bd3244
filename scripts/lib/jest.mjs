import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { spawnGroup } from './process-group.mjs';
import { repoRoot } from './settings.mjs';

/** Where the time of the last run went, for `jq`: kept after the run. */
const KEPT_REPORT = path.join(repoRoot, '.flow/logs/jest.json');

/**
 * Runs jest and prints the totals on a line of their own.
 *
 * @param {object} options
 * @param {string[]} options.suites jest's projects
 * @param {string[]} options.jestArguments
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.dir for its report
 * @param {AbortSignal} options.abort
 * @returns {Promise<number>} jest's exit code
 */
export async function runJest({ suites, jestArguments, env, dir, abort }) {
  abort.throwIfAborted();
  const report = path.join(dir, 'jest.json');
  const group = spawnGroup({
    name: 'jest',
    command: process.execPath,
    args: [
      path.join(repoRoot, 'node_modules/jest/bin/jest.js'),
      '--ci',
      '--json',
      `--outputFile=${report}`,
      // Before the suites, since --selectProjects takes every word that follows.
      ...jestArguments,
      '--selectProjects',
      ...suites,
    ],
    cwd: repoRoot,
    recordFile: path.join(dir, 'jest.pid.json'),
    env: { ...process.env, ...env },
  });
  const stop = () => void group.stop(2_000);
  abort.addEventListener('abort', stop, { once: true });
  const { code } = await group.exited;
  abort.removeEventListener('abort', stop);
  abort.throwIfAborted();
  if (existsSync(report)) {
    copyFileSync(report, KEPT_REPORT);
    process.stdout.write(`${totals(JSON.parse(readFileSync(report, 'utf8')))}\n`);
  }
  return code ?? 1;
}

/**
 * A test file that could not even run counts as one failure.
 *
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numRuntimeErrorTestSuites: number }} report
 */
function totals(report) {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.numPendingTests + report.numTodoTests;
  return `${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
