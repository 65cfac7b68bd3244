import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../scripts/lib/ports.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { endWithRunner } from '../child.mjs';

/** It stops itself in less, unless something is wrong with it. */
const STOP_MS = 10_000;
/** Migrations of a large history are part of its start. */
const START_MS = 300_000;
const ASK_MS = 5_000;

/**
 * The built bridge, as its own process.
 *
 * @typedef {object} BridgeProcess
 * @property {string} url
 * @property {number} pid
 * @property {() => boolean} isRunning
 * @property {() => Promise<Map<string, number>>} metrics samples without labels, by name
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} options
 * @param {string} options.redisUrl
 * @param {string} options.databaseUrl
 * @param {string} options.prefix
 * @param {number} [options.partitions]
 * @param {boolean} [options.quiet] it may warn of what is done to it
 * @param {string} [options.root] the checkout whose bridge it is. Default: this one
 * @param {string[]} [options.nodeArgs]
 * @param {Record<string, string>} [options.settings] further ones of its environment
 * @param {string} [options.logFile] takes what it logs, info too. Default: the terminal's stderr
 * @returns {Promise<BridgeProcess>}
 */
export async function startBridgeProcess({
  redisUrl,
  databaseUrl,
  prefix,
  partitions = 4,
  quiet = false,
  root = repoRoot,
  nodeArgs = [],
  settings = {},
  logFile,
}) {
  const port = await freePort();
  const log = logFile === undefined ? undefined : openSync(logFile, 'a');
  const child = spawn(process.execPath, [...nodeArgs, path.join(root, 'bridge/dist/main.js')], {
    stdio: ['ignore', log ?? 'ignore', log ?? 'inherit'],
    env: {
      PATH: process.env['PATH'],
      REDIS_URL: redisUrl,
      DATABASE_URL: databaseUrl,
      FLOW_PREFIX: prefix,
      FLOW_PARTITIONS: String(partitions),
      FLOW_BRIDGE_PORT: String(port),
      LOG_LEVEL: log !== undefined ? 'info' : quiet ? 'silent' : 'warn',
      ...settings,
    },
  });
  endWithRunner(child);
  if (log !== undefined) closeSync(log);
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  for (;;) {
    if (!isRunning()) throw new Error(`The bridge ended with ${child.exitCode ?? child.signalCode}`);
    if (performance.now() - startedMs > START_MS) {
      child.kill('SIGKILL');
      throw new Error(`The bridge was not up after ${START_MS / 1000} s`);
    }
    const isUp = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ASK_MS) }).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) break;
    await delay(20);
  }
  return {
    url,
    pid: /** @type {number} */ (child.pid),
    isRunning,
    async metrics() {
      const text = await (await fetch(`${url}/metrics`)).text();
      return new Map([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [String(name), Number(value)]));
    },
    async stop() {
      if (!isRunning()) return;
      child.kill('SIGTERM');
      const giveUp = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(giveUp);
    },
  };
}
