import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { startRedis } from '../../scripts/lib/redis-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { startChild } from '../child.mjs';
import { HOSTS } from './size.mjs';

/** @typedef {import('../../scripts/lib/redis-server.mjs').LocalServer} LocalServer */
/** @typedef {Awaited<ReturnType<typeof startChild<{ port: number }>>>} Child */

/**
 * What can be killed and started again under the same address.
 *
 * @typedef {object} Server
 * @property {string} url
 * @property {() => number} pid
 * @property {() => Promise<void>} kill by SIGKILL
 * @property {() => Promise<void>} start
 * @property {() => Promise<void>} stop
 */

/** @param {(port?: number) => Promise<LocalServer>} launch @returns {Promise<Server>} */
async function startServer(launch) {
  let server = await launch();
  return {
    url: server.url,
    pid: () => server.pid,
    async kill() {
      process.kill(-server.pid, 'SIGKILL');
      await server.group.exited;
    },
    async start() {
      server = await launch(server.port);
    },
    stop: () => server.stop(),
  };
}

/**
 * What runs during a soak.
 *
 * @typedef {object} Services
 * @property {Server} redis with an append-only file, synced each second
 * @property {Server} postgres
 * @property {Child[]} hosts
 * @property {Child[]} bridges the first is never killed, so that its memory can be followed
 * @property {() => Promise<void>} killBridge the second
 * @property {() => Promise<void>} startBridge the second again
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ binary: import('../../scripts/lib/redis-binary.mjs').RedisBinary, dir: string, logDir: string }} options
 * @returns {Promise<Services>}
 */
export async function startServices({ binary, dir, logDir }) {
  const password = makePassword();
  /** @type {{ stop: () => Promise<void> }[]} */
  const started = [];
  const stop = async () => {
    for (const service of started.reverse()) await service.stop();
  };
  /** @template {{ stop: () => Promise<void> }} T @param {Promise<T>} starting */
  const track = async (starting) => {
    const service = await starting;
    started.push(service);
    return service;
  };
  try {
    const redis = await track(
      startServer((port) => startRedis({ dir: path.join(dir, 'soak-redis'), binary, ...(port && { port }) })),
    );
    const postgres = await track(
      startServer((port) => startPostgres({ dir: path.join(dir, 'soak-postgres'), password, ...(port && { port }) })),
    );
    /** @param {string} name @returns {Promise<Child>} */
    const launchBridge = (name) =>
      startChild(
        fileURLToPath(new URL('../bridge/live/server.mjs', import.meta.url)),
        ['bridge', redis.url, postgres.url],
        { logFile: path.join(logDir, `soak-${name}.log`) },
      );
    const bridges = [await track(launchBridge('bridge-0'))];
    bridges.push(await launchBridge('bridge-1'));
    started.push({ stop: () => /** @type {Child} */ (bridges[1]).stop() });
    const hosts = [];
    for (let i = 0; i < HOSTS; i++) {
      const logFile = path.join(logDir, `soak-host-${i}.log`);
      hosts.push(await track(startChild(path.join(import.meta.dirname, 'host.mjs'), [redis.url], { logFile })));
    }
    return {
      redis,
      postgres,
      hosts: /** @type {Child[]} */ (hosts),
      bridges,
      killBridge: () => /** @type {Child} */ (bridges[1]).kill(),
      async startBridge() {
        bridges[1] = await launchBridge('bridge-1');
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The bridge's own client of Postgres. @type {typeof import('pg')} */
export const pg = createRequire(path.join(repoRoot, 'bridge/package.json'))('pg');
