import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findCommand } from '../find-command.mjs';
import { runCommand } from '../run-command.mjs';
import { repoRoot } from '../settings.mjs';
import { printFailure, SetupError } from '../setup-error.mjs';

/**
 * Packs the built plugin as Grafana's catalogue takes it, `<id>.zip` with one folder `<id>`. Says where it is.
 *
 * @param {{ dist?: string, targetDir?: string }} [options] `dist`: the build; `targetDir`: where the zip goes
 */
export async function zipPlugin({
  dist = path.join(repoRoot, 'grafana-plugin/dist'),
  targetDir = path.join(repoRoot, 'grafana-plugin'),
} = {}) {
  const work = mkdtempSync(path.join(tmpdir(), 'flow-zip-'));
  try {
    if (!existsSync(path.join(dist, 'plugin.json'))) {
      throw new SetupError(`No plugin in ${dist}: npm run build:plugin builds it.`);
    }
    const command = findCommand('zip');
    if (command === undefined)
      throw new SetupError('zip: expected the program on the PATH, as by apt-get install zip.');
    /** @type {{ id: string }} */
    const { id } = JSON.parse(readFileSync(path.join(dist, 'plugin.json'), 'utf8'));
    cpSync(dist, path.join(work, id), { recursive: true, dereference: true });
    await runCommand({
      name: 'zip',
      command,
      // Without extra fields, which hold who built it and when.
      args: ['-q', '-r', '-X', `${id}.zip`, id],
      cwd: work,
      logFile: path.join(repoRoot, '.flow/logs/zip-plugin.log'),
    });
    const target = path.join(targetDir, `${id}.zip`);
    rmSync(target, { force: true });
    cpSync(path.join(work, `${id}.zip`), target);
    process.stdout.write(`${target}\n`);
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
