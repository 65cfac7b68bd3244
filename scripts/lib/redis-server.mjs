import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from './ports.mjs';
import { spawnGroup } from './process-group.mjs';
import { stopLeftover } from './pid-record.mjs';
import { pingRedis } from './redis-ping.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

/**
 * A server that was started here.
 *
 * @typedef {object} LocalServer
 * @property {string} url with the password, if it has one
 * @property {number} pid
 * @property {number} port
 * @property {import('./process-group.mjs').ProcessGroup} group
 * @property {(graceMs?: number) => Promise<void>} stop
 */

/**
 * Starts a Redis of our own, on loopback and a free port, that keeps what it has acknowledged.
 *
 * @param {object} options
 * @param {string} options.dir its data directory
 * @param {import('./redis-binary.mjs').RedisBinary} options.binary
 * @param {number} [options.port] default: a free one
 * @param {string} [options.password] default: none
 * @param {string} [options.logFile] default: beside the directory
 * @param {AbortSignal} [options.abort]
 * @returns {Promise<LocalServer>}
 */
export async function startRedis({ dir, binary, port, password, logFile = `${dir}.log`, abort }) {
  const recordFile = `${dir}.pid.json`;
  await stopLeftover(recordFile);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const chosenPort = port ?? (await freePort());
  // In a file, since arguments can be read by every user of the machine.
  const configFile = path.join(dir, 'redis.conf');
  writeFileSync(configFile, password === undefined ? '' : `requirepass ${password}\n`, { mode: 0o600 });
  const options = {
    port: chosenPort,
    bind: '127.0.0.1',
    dir,
    daemonize: 'no',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    // The append-only file is the durable copy; snapshots beside it would only cost a fork.
    save: '',
  };
  const group = spawnGroup({
    name: 'Redis',
    command: binary.command,
    args: [configFile, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])],
    env: binary.env,
    logFile,
    recordFile,
  });
  const url = `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${chosenPort}`;
  try {
    // Loading a large append-only file answers LOADING until it is done.
    await waitUntilReady(group, async () => (await pingRedis(url)) === undefined, { timeoutMs: 60_000, abort });
  } catch (error) {
    await group.stop(1_000);
    throw error;
  }
  return { url, pid: group.pid, port: chosenPort, group, stop: group.stop };
}
