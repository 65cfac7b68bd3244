import path from 'node:path';
import { installPluginSpecs, installPreview, installWorkspaces } from './build.mjs';
import { createProgress } from './progress.mjs';
import { repoRoot } from './settings.mjs';
import { printFailure, StopRequest } from './setup-error.mjs';
import { onStopSignal } from './stop-signal.mjs';

/** Installs the dependencies of all parts, as npm start and npm test do on their own; for CI and for editors. */
export async function installAll() {
  const progress = createProgress();
  const aborter = new AbortController();
  onStopSignal((signal) => aborter.abort(new StopRequest(signal)));
  const options = { logDir: path.join(repoRoot, '.flow/logs'), abort: aborter.signal };
  try {
    await progress.step('Dependencies of the workspaces', () => installWorkspaces(options));
    await progress.step('Dependencies of the preview', () => installPreview(options));
    await progress.step('Dependencies of the specs for a real Grafana', () => installPluginSpecs(options));
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
  progress.stop();
}
