import { appRecordFile, bridgeApp, chatServerApp, previewApp, researchAgentApp, startApp } from './apps.mjs';
import {
  buildPlugin,
  buildPreview,
  buildServers,
  installForServers,
  installPreview,
  installWorkspaces,
} from './build.mjs';
import { connectPostgres, connectRedis, writeEnvFile } from './databases.mjs';
import { stopLeftover } from './pid-record.mjs';
import { requireFreePorts } from './ports.mjs';
import { sideBySide } from './side-by-side.mjs';

/**
 * @typedef {object} StartContext
 * @property {import('./settings.mjs').Settings} settings
 * @property {import('./progress.mjs').Progress} progress
 * @property {AbortSignal} abort
 * @property {(group: import('./process-group.mjs').ProcessGroup) => void} onStarted
 */

/**
 * Brings everything up. Bridge and chat server come first; the preview, whose install is the larger one, follows.
 *
 * @param {StartContext} context
 */
export async function startFlow(context) {
  const { settings, progress, abort } = context;
  await stopLeftovers(context);
  await requireFreePorts([
    { port: settings.bridgePort, variable: 'FLOW_BRIDGE_PORT', what: 'bridge' },
    { port: settings.demoPort, variable: 'FLOW_DEMO_PORT', what: 'chat server' },
    ...(settings.preview ? [{ port: settings.previewPort, variable: 'FLOW_PREVIEW_PORT', what: 'preview' }] : []),
  ]);
  const [, redisUrl, databaseUrl] = await sideBySide(abort, [
    (abort) => prepareServers(context, abort),
    (abort) => progress.step('Redis', (detail) => connectRedis({ ...context, abort, detail })),
    (abort) => progress.step('Postgres', (detail) => connectPostgres({ ...context, abort, detail })),
  ]);
  writeEnvFile(settings.dataDir, { redisUrl, databaseUrl });

  const full = { ...settings, redisUrl, databaseUrl };
  // The bridge migrates the database before it says that it is ready.
  await progress.step('Migrations and bridge', () => startApp(bridgeApp(full), { ...context, settings: full }));
  await progress.step('Chat server', () => startApp(chatServerApp(full), { ...context, settings: full }));
  if (settings.traffic) {
    await progress.step('Research agent', () => startApp(researchAgentApp(full), { ...context, settings: full }));
  }
  printServers(context);
  if (!settings.preview) return;

  await preparePreview(context);
  await progress.step('Preview', () => startApp(previewApp(full), { ...context, settings: full }));
  printPreview(context);
}

/** @param {StartContext} context */
async function stopLeftovers({ settings, progress }) {
  for (const key of ['preview', 'research-agent', 'chat-server', 'bridge']) {
    const name = await stopLeftover(appRecordFile(settings.dataDir, key));
    if (name !== undefined) progress.print(`  Stopped the ${name.toLowerCase()} of an earlier start that was killed.`);
  }
}

/** @param {StartContext} context @param {AbortSignal} abort */
async function prepareServers({ settings, progress }, abort) {
  const options = { logDir: settings.logDir, abort };
  await progress.step('Dependencies of bridge and chat server', async (detail) => {
    if (!(await installForServers(options))) detail('up to date');
  });
  await progress.step('Build of bridge and chat server', () => buildServers(options));
}

/** @param {StartContext} context */
async function preparePreview({ settings, progress, abort }) {
  const { logDir, grafana } = settings;
  // One promise for both: the plugin's dependencies are also the libraries of Grafana 12.
  /** @type {Promise<void> | undefined} */
  let pluginInstall;
  const installPlugin = (/** @type {AbortSignal} */ abort) =>
    (pluginInstall ??= progress.step('Dependencies of the Grafana plugin', async (detail) => {
      if (!(await installWorkspaces({ logDir, abort }))) detail('up to date');
    }));
  await sideBySide(abort, [
    async (abort) => {
      await installPlugin(abort);
      await progress.step('Build of the Grafana plugin', async (detail) => {
        if (!(await buildPlugin({ logDir, abort }))) detail('up to date');
      });
    },
    async (abort) => {
      await progress.step('Dependencies of the preview', async (detail) => {
        if (!(await installPreview({ logDir, abort }))) detail('up to date');
      });
      if (grafana === '12') await installPlugin(abort);
      await progress.step('Build of the preview', () => buildPreview({ logDir, abort, grafana: [grafana] }));
    },
  ]);
}

/** @param {StartContext} context */
function printServers({ settings, progress }) {
  const { bridgePort, demoPort } = settings;
  progress.print(`
  Bridge         http://localhost:${bridgePort}      live: ws://localhost:${bridgePort}/ws/flows/123
  Chat server    http://localhost:${demoPort}

  Monitor user 123 for an hour, then ask as that user:
    curl -X POST "http://localhost:${bridgePort}/api/v1/monitoring/enable/123?ttl_hours=1"
    curl -N -X POST http://localhost:${demoPort}/api/v1/ask/stream -H 'authorization: Bearer demo-123' -H 'content-type: application/json' -d '{"message":"Hello"}'
${settings.preview ? '' : '\n  Ctrl-C stops everything.\n'}`);
}

/** @param {StartContext} context */
function printPreview({ settings, progress }) {
  const base = `http://localhost:${settings.previewPort}`;
  progress.print(`
  Live flows     ${base}/d/flow-live?var-user=123
  All dashboards ${base}

  Logs and data are in ${settings.dataDir}. Ctrl-C stops everything.
`);
}
