import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../scripts/lib/ports.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';

/**
 * The built bridge, as its own process.
 *
 * @typedef {object} BridgeProcess
 * @property {string} url
 * @property {number} pid
 * @property {() => Promise<Map<string, number>>} metrics samples without labels, by name
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ redisUrl: string, databaseUrl: string, prefix: string, partitions?: number, quiet?: boolean }} options `quiet`: it may warn of what is done to it
 * @returns {Promise<BridgeProcess>}
 */
export async function startBridgeProcess({ redisUrl, databaseUrl, prefix, partitions = 4, quiet = false }) {
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(repoRoot, 'bridge/dist/main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      REDIS_URL: redisUrl,
      DATABASE_URL: databaseUrl,
      FLOW_PREFIX: prefix,
      FLOW_PARTITIONS: String(partitions),
      FLOW_BRIDGE_PORT: String(port),
      LOG_LEVEL: quiet ? 'silent' : 'warn',
    },
  });
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The bridge ended with ${child.exitCode}`);
    const isUp = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) break;
    await delay(20);
  }
  return {
    url,
    pid: /** @type {number} */ (child.pid),
    async metrics() {
      const text = await (await fetch(`${url}/metrics`)).text();
      return new Map([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [String(name), Number(value)]));
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
