import path from 'node:path';
import { spawnGroup } from './process-group.mjs';
import { repoRoot } from './settings.mjs';
import { answersOk, waitUntilReady } from './wait-until-ready.mjs';

/**
 * @typedef {object} App
 * @property {string} name
 * @property {string} key names its log and its pid record
 * @property {string} script
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [readyUrl] what it serves once it is ready
 */

/** @typedef {import('./settings.mjs').Settings & { redisUrl: string, databaseUrl: string }} AppSettings */

/** @param {AppSettings} settings @returns {App} */
export function bridgeApp({ redisUrl, databaseUrl, bridgePort, bridgeHost }) {
  return {
    name: 'Bridge',
    key: 'bridge',
    script: 'bridge/dist/main.js',
    env: {
      REDIS_URL: redisUrl,
      DATABASE_URL: databaseUrl,
      FLOW_BRIDGE_PORT: String(bridgePort),
      FLOW_BRIDGE_HOST: bridgeHost,
    },
    readyUrl: `${bridgeUrl({ bridgePort, bridgeHost })}/readyz`,
  };
}

/** @param {AppSettings} settings @returns {App} */
export function chatServerApp({ redisUrl, demoPort }) {
  return {
    name: 'Chat server',
    key: 'chat-server',
    script: 'examples/chat-server/dist/main.js',
    env: {
      REDIS_URL: redisUrl,
      FLOW_DEMO_PORT: String(demoPort),
    },
    readyUrl: `http://127.0.0.1:${demoPort}/healthz`,
  };
}

/** @param {AppSettings} settings @returns {App} */
export function researchAgentApp(settings) {
  const token = firstToken('FLOW_WRITE_TOKENS');
  return {
    name: 'Research agent',
    key: 'research-agent',
    script: 'examples/research-agent/dist/main.js',
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${bridgeUrl(settings)}/v1/traces`,
      ...(token !== '' && { OTEL_EXPORTER_OTLP_TRACES_HEADERS: `authorization=Bearer%20${encodeURIComponent(token)}` }),
    },
  };
}

/** @param {AppSettings} settings @returns {App} */
export function previewApp({ bridgePort, bridgeHost, previewPort, grafana }) {
  return {
    name: 'Preview',
    key: 'preview',
    script: 'preview/dist/server.js',
    env: {
      FLOW_PREVIEW_PORT: String(previewPort),
      FLOW_PREVIEW_GRAFANA: grafana,
      FLOW_BRIDGE_URL: bridgeUrl({ bridgePort, bridgeHost }),
      // As docker-compose.yml: the audit of the monitoring grants says who.
      GF_DATAPROXY_SEND_USER_HEADER: 'true',
      ...singleTokens(process.env),
    },
    readyUrl: `http://127.0.0.1:${previewPort}/healthz`,
  };
}

/** @param {{ bridgePort: number, bridgeHost: string }} settings */
function bridgeUrl({ bridgePort, bridgeHost }) {
  const host = ['0.0.0.0', '::'].includes(bridgeHost) ? '127.0.0.1' : bridgeHost;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bridgePort}`;
}

/**
 * The tokens as Grafana's provisioning has them, one each, when the bridge was given lists.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function singleTokens(env) {
  return {
    FLOW_READ_TOKEN: env['FLOW_READ_TOKEN'] || firstToken('FLOW_READ_TOKENS', env),
    FLOW_CONTROL_TOKEN: env['FLOW_CONTROL_TOKEN'] || firstToken('FLOW_CONTROL_TOKENS', env),
  };
}

/** @param {string} name @param {NodeJS.ProcessEnv} [env] */
function firstToken(name, env = process.env) {
  return env[name]?.split(',')[0]?.trim() ?? '';
}

/** @param {string} dataDir @param {string} key */
export function appRecordFile(dataDir, key) {
  return path.join(dataDir, 'run', `${key}.json`);
}

/**
 * Starts an app, and waits until it answers if it serves something.
 *
 * @param {App} app
 * @param {object} options
 * @param {AppSettings} options.settings
 * @param {AbortSignal} options.abort
 * @param {(group: import('./process-group.mjs').ProcessGroup) => void} options.onStarted
 */
export async function startApp(app, { settings, abort, onStarted }) {
  abort.throwIfAborted();
  const group = spawnGroup({
    name: app.name,
    command: process.execPath,
    args: [path.join(repoRoot, app.script)],
    cwd: repoRoot,
    env: { ...process.env, ...app.env },
    logFile: path.join(settings.logDir, `${app.key}.log`),
    recordFile: appRecordFile(settings.dataDir, app.key),
  });
  onStarted(group);
  if (app.readyUrl !== undefined) await waitUntilReady(group, answersOk(app.readyUrl), { timeoutMs: 60_000, abort });
}
