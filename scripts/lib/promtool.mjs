import path from 'node:path';
import { hasApt, unpackPackages } from './debian-packages.mjs';
import { findCommand, isExecutable } from './find-command.mjs';

/**
 * Finds promtool, or gets Debian's. Undefined where that is not possible: only the test of the alerts needs it.
 *
 * @param {{ dataDir: string, logDir: string, abort?: AbortSignal, detail?: (text: string) => void }} options
 * @returns {Promise<string | undefined>} its path
 */
export async function providePromtool({ dataDir, logDir, abort, detail }) {
  const found = findOnPath();
  if (found !== undefined) return found;
  const unpacked = path.join(dataDir, 'debian-prometheus');
  const command = path.join(unpacked, 'usr/bin/promtool');
  if (isExecutable(command)) return command;
  if (!hasApt()) return undefined;
  const common = { logFile: path.join(logDir, 'apt-prometheus.log'), ...(abort !== undefined && { abort }) };
  try {
    // Unpacked even for root: other packages may be installing at the same time, and of apt only one can.
    detail?.("unpacking Debian's prometheus");
    await unpackPackages({ ...common, packages: ['prometheus'], alone: true, target: unpacked });
    return isExecutable(command) ? command : undefined;
  } catch {
    abort?.throwIfAborted();
    return undefined;
  }
}

function findOnPath() {
  const brew = process.platform === 'darwin' ? ['/opt/homebrew/bin', '/usr/local/bin'] : [];
  return findCommand('promtool', [...(process.env['PATH'] ?? '').split(path.delimiter), ...brew]);
}
