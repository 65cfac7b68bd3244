import path from 'node:path';
import { hasApt, unpackPackages } from './debian-packages.mjs';
import { findCommand, isExecutable } from './find-command.mjs';
import { SetupError } from './setup-error.mjs';

const HOW_TO_GET_NGINX = `nginx was not found, which stands between browser and Grafana in a test. Install it:
    Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y nginx-light
    Fedora           sudo dnf install -y nginx
    macOS            brew install nginx`;

/**
 * Finds nginx, or gets Debian's; nothing on the system is changed.
 *
 * @param {{ dataDir: string, logDir: string, abort?: AbortSignal, detail?: (text: string) => void }} options
 * @returns {Promise<string>} its path
 */
export async function provideNginxBinary({ dataDir, logDir, abort, detail }) {
  const found = findOnPath();
  if (found !== undefined) return found;
  const unpacked = path.join(dataDir, 'debian-nginx');
  const command = path.join(unpacked, 'usr/sbin/nginx');
  if (isExecutable(command)) return command;
  if (hasApt()) {
    const common = { logFile: path.join(logDir, 'apt-nginx.log'), ...(abort !== undefined && { abort }) };
    try {
      // Unpacked even for root: installed, it would start a server on port 80. What it needs beside it, every Debian has.
      detail?.("unpacking Debian's nginx");
      await unpackPackages({ ...common, packages: ['nginx', 'nginx-light'], alone: true, target: unpacked });
      if (isExecutable(command)) return command;
    } catch (error) {
      abort?.throwIfAborted();
      throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${HOW_TO_GET_NGINX}`);
    }
  }
  throw new SetupError(HOW_TO_GET_NGINX);
}

function findOnPath() {
  const brew = process.platform === 'darwin' ? ['/opt/homebrew/bin', '/usr/local/bin'] : [];
  // Debian has it where only root looks.
  return findCommand('nginx', [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', ...brew]);
}
