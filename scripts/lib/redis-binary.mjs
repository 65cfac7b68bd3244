import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findCommand } from './find-command.mjs';
import { hasApt, installPackages, unpackPackages } from './debian-packages.mjs';
import { SetupError } from './setup-error.mjs';

const NAMES = ['redis-server', 'valkey-server', 'keydb-server'];
const OLDEST = [6, 2];
/** What Debian's redis-server needs beside the C library and OpenSSL, which every Debian has. */
const DEBIAN_PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'liblua5.1-0', 'libatomic1'];

/**
 * @typedef {object} RedisBinary
 * @property {string} command
 * @property {NodeJS.ProcessEnv} env
 */

/**
 * Finds a Redis server to run, or gets Debian's.
 *
 * @param {{ dataDir: string, logDir: string, abort?: AbortSignal, detail?: (text: string) => void }} options
 * @returns {Promise<RedisBinary>}
 */
export async function provideRedisBinary({ dataDir, logDir, abort, detail }) {
  const found = findOnPath();
  if (found !== undefined) return found;
  const unpacked = path.join(dataDir, 'debian-redis');
  const cached = findUnpacked(unpacked);
  if (cached !== undefined) return cached;
  if (hasApt()) {
    const logFile = path.join(logDir, 'apt-redis.log');
    const common = { logFile, ...(abort !== undefined && { abort }) };
    try {
      if (process.getuid?.() === 0) {
        detail?.("installing Debian's redis-server");
        await installPackages({ ...common, packages: ['redis-server'] });
        const installed = findOnPath();
        if (installed !== undefined) return installed;
      }
      detail?.("unpacking Debian's redis-server");
      await unpackPackages({ ...common, packages: DEBIAN_PACKAGES, target: unpacked });
      const fresh = findUnpacked(unpacked);
      if (fresh !== undefined) return fresh;
    } catch (error) {
      abort?.throwIfAborted();
      throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${HOW_TO_GET_REDIS}`);
    }
  }
  throw new SetupError(HOW_TO_GET_REDIS);
}

const HOW_TO_GET_REDIS = `Redis ${OLDEST.join('.')} or newer was not found. Install it, or say where one runs:
    Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y redis-server
    Fedora           sudo dnf install -y valkey
    macOS            brew install redis
    elsewhere        REDIS_URL=redis://host:6379 npm start`;

/** @returns {RedisBinary | undefined} */
function findOnPath() {
  const brew = ['/opt/homebrew/bin', '/usr/local/bin'];
  const folders = [
    ...(process.env['PATH'] ?? '').split(path.delimiter),
    ...(process.platform === 'darwin' ? brew : []),
  ];
  for (const name of NAMES) {
    const command = findCommand(name, folders);
    if (command !== undefined && isRecentEnough(command, process.env)) return { command, env: process.env };
  }
  return undefined;
}

/** @param {string} folder @returns {RedisBinary | undefined} */
function findUnpacked(folder) {
  const command = path.join(folder, 'usr/bin/redis-server');
  if (!existsSync(command)) return undefined;
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu', arm: 'arm-linux-gnueabihf' };
  const names = [triplet[/** @type {keyof typeof triplet} */ (process.arch)] ?? '', ''];
  const libraries = names.flatMap((name) => [path.join(folder, 'usr/lib', name), path.join(folder, 'lib', name)]);
  const env = { ...process.env, LD_LIBRARY_PATH: libraries.join(':') };
  return isRecentEnough(command, env) ? { command, env } : undefined;
}

/** @param {string} command @param {NodeJS.ProcessEnv} env */
function isRecentEnough(command, env) {
  try {
    const text = execFileSync(command, ['--version'], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [major = 0, minor = 0] = (/v=(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
    const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
    return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  } catch {
    return false;
  }
}
