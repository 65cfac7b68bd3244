import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { spawnGroup } from './process-group.mjs';
import { repoRoot } from './settings.mjs';

/** Reports are kept here after a run. */
const LOG_DIR = path.join(repoRoot, '.flow/logs');

/**
 * Most tests wait for servers, so two workers pay even on two cores. More than eight have no ports
 * (test/support/free-port.ts).
 */
const WORKERS = Math.min(8, Math.max(2, availableParallelism() - 1));

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/**
 * Runs jest.
 *
 * @param {object} options
 * @param {string[]} options.suites jest's projects
 * @param {boolean} [options.oneByOne] a file at a time: what measures time wants the machine for itself
 * @param {string[]} options.jestArguments
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.dir for its report
 * @param {AbortSignal} options.abort
 * @returns {Promise<{ exitCode: number, totals: Totals }>}
 */
export async function runJest({ suites, oneByOne = false, jestArguments, env, dir, abort }) {
  abort.throwIfAborted();
  const report = path.join(dir, `jest-${suites[0]}.json`);
  const isInBand = jestArguments.includes('-i') || jestArguments.includes('--runInBand');
  const group = spawnGroup({
    name: 'jest',
    command: process.execPath,
    args: [
      path.join(repoRoot, 'node_modules/jest/bin/jest.js'),
      '--ci',
      '--json',
      `--outputFile=${report}`,
      '--passWithNoTests',
      // Jest refuses both.
      ...(isInBand ? [] : [`--maxWorkers=${oneByOne ? 1 : WORKERS}`]),
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
  return { exitCode: code ?? 1, totals: readTotals(report) };
}

/**
 * What a run's report comes to, which is kept for who asks where the time went. A test file that could not even run counts
 * as one failure.
 *
 * @param {string} report
 * @returns {Totals}
 */
function readTotals(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0 };
  mkdirSync(LOG_DIR, { recursive: true });
  copyFileSync(report, path.join(LOG_DIR, path.basename(report)));
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + numRuntimeErrorTestSuites,
    skipped: numPendingTests + numTodoTests,
  };
}
