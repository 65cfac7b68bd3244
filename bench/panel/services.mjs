import path from 'node:path';
import { chromium } from 'playwright-core';
import { buildPlugin, buildPreview, installPreview } from '../../scripts/lib/build.mjs';
import { provideChromium } from '../../scripts/lib/chromium.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { spawnGroup } from '../../scripts/lib/process-group.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { answersOk, waitUntilReady } from '../../scripts/lib/wait-until-ready.mjs';
import { startBridgeProcess } from '../bridge/bridge-process.mjs';
import { pg } from '../soak/services.mjs';
import { writeDashboards } from './dashboards.mjs';

/**
 * What the panel is measured behind: nothing of it is a stand-in but the preview, which takes Grafana's place.
 *
 * @typedef {object} Services
 * @property {import('playwright-core').Browser} browser
 * @property {import('pg').Client} client of the bridge's database
 * @property {string} redisUrl
 * @property {string} bridgeUrl
 * @property {string} previewUrl
 * @property {() => Promise<void>} stop
 */

export const PREFIX = 'bench-panel';
const PARTITIONS = 4;
/** The libraries that all figures so far were measured on. */
const GRAFANA = '13';
/** One step of the wheel moves at once, so that a frame of scrolling has a known length. */
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-smooth-scrolling',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * @param {{ redisUrl: string, dir: string, logDir: string }} options `dir`: for the data
 * @returns {Promise<Services>}
 */
export async function startServices({ redisUrl, dir, logDir }) {
  await buildPlugin({ logDir });
  await installPreview({ logDir });
  await buildPreview({ logDir, grafana: [GRAFANA] });
  const executablePath = await provideChromium({
    logFile: path.join(logDir, 'apt-chromium.log'),
    detail: (text) => process.stderr.write(`panel: ${text}\n`),
  });
  /** @type {{ stop: () => Promise<unknown> }[]} */
  const started = [];
  const stop = async () => {
    for (const service of started.splice(0).reverse()) await service.stop().catch(() => undefined);
  };
  try {
    const postgres = await startPostgres({
      dir: path.join(dir, 'panel-postgres'),
      password: makePassword(),
      fast: true,
    });
    started.push(postgres);
    const bridge = await startBridgeProcess({
      redisUrl,
      databaseUrl: postgres.url,
      prefix: PREFIX,
      partitions: PARTITIONS,
    });
    started.push(bridge);
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    started.push({ stop: () => client.end() });
    const preview = await startPreview({
      bridgeUrl: bridge.url,
      provisioning: await writeDashboards(dir),
      dir,
      logDir,
    });
    started.push(preview);
    // Playwright would end this process before the servers are stopped. It kills the browser when the process exits.
    const ownSignals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS, ...ownSignals });
    started.push({ stop: () => browser.close() });
    return { browser, client, redisUrl, bridgeUrl: bridge.url, previewUrl: preview.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {{ bridgeUrl: string, provisioning: string, dir: string, logDir: string }} options */
async function startPreview({ bridgeUrl, provisioning, dir, logDir }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const group = spawnGroup({
    name: 'Preview',
    command: process.execPath,
    args: [path.join(repoRoot, 'preview/dist/server.js')],
    env: {
      PATH: process.env['PATH'],
      FLOW_PREVIEW_PORT: String(port),
      FLOW_PREVIEW_GRAFANA: GRAFANA,
      FLOW_PREVIEW_PROVISIONING_DIR: provisioning,
      FLOW_BRIDGE_URL: bridgeUrl,
    },
    logFile: path.join(logDir, 'bench-preview.log'),
    recordFile: path.join(dir, 'preview.pid.json'),
  });
  await waitUntilReady(group, answersOk(`${url}/healthz`), { timeoutMs: 60_000 });
  return { url, stop: () => group.stop() };
}
