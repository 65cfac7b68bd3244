import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildServers, installForServers } from './build.mjs';
import { connectPostgres, envFile } from './databases.mjs';
import { createProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { readSettings, repoRoot } from './settings.mjs';
import { printFailure, SetupError, StopRequest } from './setup-error.mjs';
import { claimDataDir, runningStart } from './single-instance.mjs';
import { onStopSignal } from './stop-signal.mjs';
import { createSupervisor } from './supervisor.mjs';

/** Brings a database to the newest schema: that of DATABASE_URL, else that of npm start, running or not. */
export async function migrate() {
  const progress = createProgress();
  const supervisor = createSupervisor();
  const aborter = new AbortController();
  onStopSignal((signal) => aborter.abort(new StopRequest(signal)));
  const abort = aborter.signal;
  let release = () => {};
  try {
    const settings = readSettings();
    const options = { logDir: settings.logDir, abort };
    await progress.step('Dependencies', async (detail) => {
      if (!(await installForServers(options))) detail('up to date');
    });
    await progress.step('Build', () => buildServers(options));
    let url = settings.databaseUrl ?? urlOfRunningStart(settings.dataDir);
    if (url === undefined) {
      release = claimDataDir(settings.dataDir);
      const onStarted = supervisor.add;
      url = await progress.step('Postgres', (detail) => connectPostgres({ settings, detail, abort, onStarted }));
    }
    const logFile = path.join(settings.logDir, 'migrate.log');
    await progress.step('Migrations', () =>
      runCommand({
        name: 'The migration',
        command: process.execPath,
        args: [path.join(repoRoot, 'bridge/dist/main.js'), '--migrate'],
        cwd: repoRoot,
        env: { ...process.env, DATABASE_URL: url },
        logFile,
        abort,
      }),
    );
    process.stdout.write(readFileSync(logFile, 'utf8'));
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
  await supervisor.stopAll();
  release();
  progress.stop();
  process.exit();
}

/** @param {string} dataDir */
function urlOfRunningStart(dataDir) {
  if (runningStart(dataDir) === undefined) return undefined;
  const url = /^DATABASE_URL='(.*)'$/m.exec(readFileSync(envFile(dataDir), 'utf8'))?.[1];
  if (url === undefined) throw new SetupError('npm start is still getting ready; try again when its bridge is up.');
  return url;
}
