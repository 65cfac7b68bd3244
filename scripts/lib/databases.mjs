import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { canConnect } from './ports.mjs';
import { startPostgres } from './postgres-server.mjs';
import { provideRedisBinary } from './redis-binary.mjs';
import { pingRedis } from './redis-ping.mjs';
import { startRedis } from './redis-server.mjs';
import { readOrMakePassword } from './secrets.mjs';
import { withoutPassword } from './settings.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} DatabaseOptions
 * @property {import('./settings.mjs').Settings} settings
 * @property {(text: string) => void} detail
 * @property {AbortSignal} abort
 * @property {(group: import('./process-group.mjs').ProcessGroup) => void} onStarted
 */

/**
 * The Redis of REDIS_URL, else one of our own.
 *
 * @param {DatabaseOptions} options
 * @returns {Promise<string>} its URL
 */
export async function connectRedis({ settings, detail, abort, onStarted }) {
  if (settings.redisUrl !== undefined) {
    const shown = withoutPassword(settings.redisUrl);
    const problem = await pingRedis(settings.redisUrl);
    if (problem !== undefined) {
      throw new SetupError(
        `REDIS_URL: ${shown} does not answer a PING: ${problem}.\n` +
          '  Start that Redis, or unset REDIS_URL and npm start runs one of its own.',
      );
    }
    detail(`REDIS_URL ${shown}`);
    return settings.redisUrl;
  }
  const { dataDir, logDir } = settings;
  const binary = await provideRedisBinary({ dataDir, logDir, abort, detail });
  const redis = await startRedis({
    dir: path.join(dataDir, 'redis'),
    binary,
    password: readOrMakePassword(path.join(dataDir, 'redis.password')),
    logFile: path.join(logDir, 'redis.log'),
    abort,
  });
  onStarted(redis.group);
  detail(`${path.basename(binary.command)} on port ${redis.port}`);
  return redis.url;
}

/**
 * The Postgres of DATABASE_URL, else one of our own.
 *
 * @param {DatabaseOptions} options
 * @returns {Promise<string>} its URL
 */
export async function connectPostgres({ settings, detail, abort, onStarted }) {
  if (settings.databaseUrl !== undefined) {
    const shown = withoutPassword(settings.databaseUrl);
    const { hostname, port } = new URL(settings.databaseUrl);
    const host = hostname.replace(/^\[|\]$/g, '') || 'localhost';
    // Only whether somebody is there: no client is installed yet. The bridge's first query tells the rest.
    if (!(await canConnect(host, Number(port || 5432), 3_000))) {
      throw new SetupError(
        `DATABASE_URL: nothing answers at ${shown}.\n` +
          '  Start that Postgres, or unset DATABASE_URL and npm start runs one of its own.',
      );
    }
    detail(`DATABASE_URL ${shown}`);
    return settings.databaseUrl;
  }
  let shown = '';
  const postgres = await startPostgres({
    dir: path.join(settings.dataDir, 'postgres'),
    password: readOrMakePassword(path.join(settings.dataDir, 'postgres.password')),
    logDir: settings.logDir,
    abort,
    detail: (text) => detail((shown = text)),
  });
  onStarted(postgres.group);
  detail(`${shown}, port ${postgres.port}`);
  return postgres.url;
}

/**
 * Leaves the URLs where redis-cli, psql and `npm run migrate` can take them from: `set -a; . .flow/env`.
 *
 * @param {string} dataDir
 * @param {{ redisUrl: string, databaseUrl: string }} urls
 */
export function writeEnvFile(dataDir, { redisUrl, databaseUrl }) {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(envFile(dataDir), `REDIS_URL='${redisUrl}'\nDATABASE_URL='${databaseUrl}'\n`, { mode: 0o600 });
}

/** @param {string} dataDir */
export function envFile(dataDir) {
  return path.join(dataDir, 'env');
}
