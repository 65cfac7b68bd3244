import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './setup-error.mjs';

/** The checkout these scripts belong to. */
export const repoRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * @typedef {object} Settings
 * @property {string} dataDir everything that npm start writes beside the builds: databases, logs, pid records
 * @property {string} logDir
 * @property {string | undefined} redisUrl
 * @property {string | undefined} databaseUrl
 * @property {number} bridgePort
 * @property {string} bridgeHost where the bridge listens
 * @property {number} demoPort
 * @property {number} previewPort
 * @property {boolean} traffic whether the demo has users of its own
 * @property {boolean} preview
 * @property {import('./build.mjs').GrafanaMajor} grafana whose libraries the preview is made of
 */

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Settings}
 */
export function readSettings(env = process.env) {
  const dataDir = path.resolve(repoRoot, env['FLOW_DATA_DIR'] || '.flow');
  return {
    dataDir,
    logDir: path.join(dataDir, 'logs'),
    redisUrl: url(env, 'REDIS_URL', ['redis:', 'rediss:']),
    databaseUrl: url(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    bridgePort: port(env, 'FLOW_BRIDGE_PORT', 8090),
    bridgeHost: env['FLOW_BRIDGE_HOST'] || '127.0.0.1',
    demoPort: port(env, 'FLOW_DEMO_PORT', 3001),
    previewPort: port(env, 'FLOW_PREVIEW_PORT', 3000),
    // The chat server refuses what is neither on nor off.
    traffic: env['FLOW_DEMO_TRAFFIC'] !== 'off',
    preview: !['off', 'false', '0', 'no'].includes((env['FLOW_PREVIEW'] ?? '').toLowerCase()),
    grafana: grafana(env),
  };
}

/** @param {NodeJS.ProcessEnv} env @returns {import('./build.mjs').GrafanaMajor} */
function grafana(env) {
  const text = env['FLOW_PREVIEW_GRAFANA'] || '12';
  if (text === '12' || text === '13') return text;
  throw new SetupError(`FLOW_PREVIEW_GRAFANA: expected 12 or 13, got ${JSON.stringify(text)}.`);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} fallback
 */
function port(env, name, fallback) {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new SetupError(`${name}: expected a port from 1 to 65535, got ${JSON.stringify(text)}.`);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {string[]} protocols
 */
function url(env, name, protocols) {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  // The value is not repeated: it may hold a password.
  throw new SetupError(`${name}: expected a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
}

/**
 * The URL without its password, for messages.
 *
 * @param {string} text
 */
export function withoutPassword(text) {
  const parsed = new URL(text);
  if (parsed.password !== '') parsed.password = '***';
  return parsed.href;
}
