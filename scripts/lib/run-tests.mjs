import path from 'node:path';
import { buildPlugin, buildPreview, buildServers, installPreview, installWorkspaces } from './build.mjs';
import { provideChromium } from './chromium.mjs';
import { runJest } from './jest.mjs';
import { createProgress } from './progress.mjs';
import { provideNginxBinary } from './nginx-binary.mjs';
import { providePromtool } from './promtool.mjs';
import { repoRoot } from './settings.mjs';
import { printFailure, StopRequest } from './setup-error.mjs';
import { sideBySide } from './side-by-side.mjs';
import { onStopSignal } from './stop-signal.mjs';
import { createSupervisor } from './supervisor.mjs';
import { startTestServers } from './test-servers.mjs';
import { makeTestDir } from './test-dir.mjs';

/** Jest's projects that `npm test` runs. */
const SUITES = ['unit', 'integration', 'e2e'];
/** They measure time, so they have the machine for themselves. */
const TIMED = ['long', 'long-e2e-timed'];
/** What has no time in the suites of the names here. */
const LONG_OF = {
  integration: ['long', 'long-untimed'],
  e2e: ['long-e2e', 'long-e2e-timed'],
  'grafana-12': ['long-grafana-12'],
};
/** The browser tests again, on the other major of Grafana's libraries. */
const GRAFANA_12 = 'grafana-12';
/** Jest's options whose value is a text that is no file. */
const TAKES_A_NAME = ['-t', '--testNamePattern'];

const HELP = `Usage: npm test [-- <jest arguments>]
       npm run test:unit|test:integration|test:e2e|test:attack|test:all [-- <jest arguments>]

Installs and builds what the tests need, starts a Redis and a Postgres for them alone, runs them, and takes everything
away again. Needs Chromium for the browser tests (CHROMIUM_PATH names one that is not on the PATH).

npm test         unit, integration and browser tests, without the long ones
npm run test:all with them: long faults and full matrices, the files *.long.*.test.ts, and the short browser tests on the
                 libraries of Grafana 12, too. One long file alone: npm test -- <part of its path>
npm run test:grafana-12   all browser tests, the long ones, too, on the libraries of Grafana 12 alone
npm run test:attack  what is thrown at bridge and middleware: test/attack/

FLOW_TEST_POSTGRES=embedded takes the Postgres that npm carries (18), whatever the system has.
`;

/**
 * @param {string[]} args a suite or `all`, if not those of `npm test`, then what jest is to have
 */
export async function runTests(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  const { suites, jestArguments } = chooseSuites(args);
  const progress = createProgress();
  const supervisor = createSupervisor();
  const aborter = new AbortController();
  onStopSignal((signal) => aborter.abort(new StopRequest(signal)));
  let exitCode = 1;
  /** @type {import('./test-dir.mjs').TestDir | undefined} */
  let testDir;
  try {
    testDir = await makeTestDir();
    const env = await prepare({
      suites,
      progress,
      abort: aborter.signal,
      dir: testDir.path,
      onStarted: supervisor.add,
    });
    progress.stop();
    const options = { jestArguments, env, dir: testDir.path, abort: aborter.signal };
    exitCode = await Promise.race([runSuites(suites, options), supervisor.died]);
  } catch (error) {
    aborter.abort(error);
    printFailure(error);
  }
  await supervisor.stopAll();
  await testDir?.remove();
  process.exit(exitCode);
}

/**
 * Runs the suites, those that measure time after the others and a file at a time, and prints the totals on a line of their own.
 *
 * @param {string[]} suites
 * @param {Omit<Parameters<typeof runJest>[0], 'suites' | 'oneByOne'>} options
 * @returns {Promise<number>} the exit code
 */
async function runSuites(suites, options) {
  const isTimed = (/** @type {string} */ suite) => TIMED.includes(suite);
  const runs = [await runJest({ ...options, suites: suites.filter((suite) => !isTimed(suite)) })];
  const timed = suites.filter(isTimed);
  if (timed.length > 0) runs.push(await runJest({ ...options, suites: timed, oneByOne: true }));
  const sum = (/** @type {keyof import('./jest.mjs').Totals} */ what) =>
    runs.reduce((total, { totals }) => total + totals[what], 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed${skipped}\n`);
  const failure = runs.find(({ exitCode }) => exitCode !== 0);
  if (failure !== undefined) return failure.exitCode;
  if (sum('passed') + sum('failed') > 0) return 0;
  process.stderr.write('No test was run: no test file has that in its path.\n');
  return 1;
}

/**
 * @param {string[]} args
 * @returns {{ suites: string[], jestArguments: string[] }}
 */
function chooseSuites(args) {
  const [first = '', ...rest] = args;
  if (first === 'all') return { suites: [...SUITES, ...longOf(SUITES), GRAFANA_12], jestArguments: rest };
  const isNamed = [...SUITES, GRAFANA_12].includes(first);
  const suites = isNamed ? [first] : SUITES;
  const jestArguments = isNamed ? rest : args;
  // Who names files means the long ones, too. A number belongs to an option, such as --maxWorkers 2; so does a test's name.
  const isOfOption = (/** @type {string} */ arg, /** @type {number} */ i) =>
    /^\d+$/.test(arg) || TAKES_A_NAME.includes(jestArguments[i - 1] ?? '');
  const namesFiles = jestArguments.some((arg, i) => !arg.startsWith('-') && !isOfOption(arg, i));
  return {
    suites: namesFiles || first === GRAFANA_12 ? [...suites, ...longOf(suites)] : suites,
    jestArguments,
  };
}

/** @param {string[]} suites */
const longOf = (suites) =>
  Object.entries(LONG_OF)
    .filter(([suite]) => suites.includes(suite))
    .flatMap(([, long]) => long);

/**
 * @param {object} options
 * @param {string[]} options.suites
 * @param {import('./progress.mjs').Progress} options.progress
 * @param {AbortSignal} options.abort
 * @param {string} options.dir
 * @param {(group: import('./process-group.mjs').ProcessGroup) => void} options.onStarted
 * @returns {Promise<NodeJS.ProcessEnv>} what the tests find in their environment
 */
async function prepare({ suites, progress, abort, dir, onStarted }) {
  // Kept after the run, unlike the test directory: they tell why an install or a build failed.
  const logDir = path.join(repoRoot, '.flow/logs');
  const needsBrowser = suites.includes('e2e') || suites.includes(GRAFANA_12);
  const needsServers = suites.includes('integration') || needsBrowser;
  const embeddedPostgres = process.env['FLOW_TEST_POSTGRES'] === 'embedded';
  const [, servers, browser, promtool, nginx] = await sideBySide(abort, [
    (abort) => install({ progress, logDir, abort, needsServers, needsBrowser }),
    async (abort) =>
      needsServers ? startTestServers({ progress, dir, logDir, embeddedPostgres, abort, onStarted }) : {},
    async (abort) => {
      if (!needsBrowser) return {};
      const logFile = path.join(logDir, 'apt-chromium.log');
      const command = await progress.step('Chromium', (detail) => provideChromium({ logFile, abort, detail }));
      return { CHROMIUM_PATH: command };
    },
    async (abort) => {
      if (!needsServers) return {};
      const options = { dataDir: path.join(repoRoot, '.flow'), logDir, abort };
      const command = await progress.step('promtool', (detail) => providePromtool({ ...options, detail }));
      return command === undefined ? {} : { FLOW_TEST_PROMTOOL: command };
    },
    async (abort) => {
      if (!needsServers) return {};
      const options = { dataDir: path.join(repoRoot, '.flow'), logDir, abort };
      return { FLOW_TEST_NGINX: await progress.step('nginx', (detail) => provideNginxBinary({ ...options, detail })) };
    },
  ]);
  return { ...servers, ...browser, ...promtool, ...nginx };
}

/**
 * @param {object} options
 * @param {import('./progress.mjs').Progress} options.progress
 * @param {string} options.logDir
 * @param {AbortSignal} options.abort
 * @param {boolean} options.needsServers
 * @param {boolean} options.needsBrowser
 */
async function install({ progress, logDir, abort, needsServers, needsBrowser }) {
  const options = { logDir, abort };
  await progress.step('Dependencies', async (detail) => {
    if (!(await installWorkspaces(options))) detail('up to date');
  });
  if (needsServers) await progress.step('Build of bridge and chat server', () => buildServers(options));
  if (!needsBrowser) return;
  await progress.step('Build of the Grafana plugin', async (detail) => {
    if (!(await buildPlugin(options))) detail('up to date');
  });
  await progress.step('Dependencies of the preview', async (detail) => {
    if (!(await installPreview(options))) detail('up to date');
  });
  await progress.step('Build of the preview', () => buildPreview({ ...options, grafana: ['13', '12'] }));
}
