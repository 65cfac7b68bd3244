import { createProgress } from './progress.mjs';
import { readSettings } from './settings.mjs';
import { printFailure, SetupError, StopRequest } from './setup-error.mjs';
import { onStopSignal } from './stop-signal.mjs';
import { startFlow } from './start-flow.mjs';
import { claimDataDir } from './single-instance.mjs';
import { createSupervisor } from './supervisor.mjs';

/** The whole life of npm start. Ends the process: 0 after a signal, 1 after a failure. */
export async function runUntilStopped() {
  const progress = createProgress();
  const supervisor = createSupervisor();
  const aborter = new AbortController();
  let release = () => {};
  let exitCode = 0;

  const signalled = new Promise((resolve) => {
    onStopSignal((signal) => {
      progress.print(`\n  ${signal}: stopping …`);
      aborter.abort(new StopRequest(signal));
      resolve(undefined);
    });
  });
  /** @type {Promise<void> | undefined} */
  let starting;
  try {
    if (process.platform === 'win32') throw new SetupError('npm start needs Linux or macOS; on Windows use WSL 2.');
    const settings = readSettings();
    release = claimDataDir(settings.dataDir);
    starting = startFlow({ settings, progress, abort: aborter.signal, onStarted: (group) => supervisor.add(group) });
    await Promise.race([signalled, supervisor.died, starting.then(() => Promise.race([signalled, supervisor.died]))]);
  } catch (error) {
    if (!aborter.signal.aborted) {
      exitCode = 1;
      aborter.abort(error);
      printFailure(error);
    }
  }
  // An install or a start that is under way ends by the abort, and only then is the list of what runs complete.
  await starting?.catch(() => undefined);
  await supervisor.stopAll();
  progress.stop();
  release();
  if (supervisor.hasStarted()) progress.print('  Everything that was started is stopped.');
  process.exit(exitCode);
}
