import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { fillHistory } from '../bridge/fill-history.mjs';
import { median } from '../median.mjs';
import { table } from './figures.mjs';
import { openPanel } from './panel-page.mjs';

const SIZE = { flows: 1_000_000, users: 2_000, hours: 36 };
const QUICK_SIZE = { flows: 50_000, users: 2_000, hours: 36 };
const TARGET_MS = 1_000;
const ROUNDS = 3;
const RANGES = ['', 'now-24h'];
/** So long after its last answer nothing more is asked. */
const STILL_MS = 700;
const LOOK_MS = 100;
const LIMIT_MS = 60_000;
const DASHBOARDS = path.join(repoRoot, 'provisioning/dashboards/flow-tracking');
/** What asks Prometheus, and what only listens. */
const NOT_ASKED = ['flow-bridge-health', 'flow-live'];

/** @typedef {{ uid: string, title: string, panels: { id: number, title: string }[] }} Dashboard */

/** @param {string | undefined} uid one alone @returns {Promise<Dashboard[]>} */
async function readDashboards(uid) {
  const files = await readdir(DASHBOARDS);
  const all = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(path.join(DASHBOARDS, file), 'utf8'))),
  );
  const asked = all.filter(
    (dashboard) => !NOT_ASKED.includes(dashboard.uid) && (uid ?? dashboard.uid) === dashboard.uid,
  );
  if (asked.length > 0) return asked;
  throw new Error(`--dashboard expects the uid of a dashboard that asks the datasource, got ${uid}`);
}

/**
 * From the first question to the last answer of all that a page asks the datasource.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{ ms: number, kb: number }>}
 */
async function untilAnswered(page) {
  const startedMs = performance.now();
  while (performance.now() - startedMs < LIMIT_MS) {
    const seen = /** @type {{ count: number, from: number, to: number, now: number, bytes: number }} */ (
      await page.evaluate(`(() => {
        const asked = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/datasources/'));
        return {
          count: asked.length,
          from: Math.min(...asked.map(({ startTime }) => startTime)),
          to: Math.max(...asked.map(({ responseEnd }) => responseEnd)),
          now: performance.now(),
          bytes: asked.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
        };
      })()`)
    );
    const isLoading = (await page.getByLabel('Panel loading bar').count()) > 0;
    if (seen.count > 0 && !isLoading && seen.now - seen.to > STILL_MS)
      return { ms: seen.to - seen.from, kb: seen.bytes / 1_000 };
    await delay(LOOK_MS);
  }
  throw new Error(`${page.url()} had not all answers within ${LIMIT_MS / 1_000} s`);
}

/**
 * How long each panel of each provisioned dashboard waits for its data at a million flows, and each dashboard for all of it.
 *
 * @param {{ services: import('./services.mjs').Services, isQuick: boolean, dashboard: string | undefined }} options
 * @returns {Promise<string>} a report
 */
export async function benchDashboards({ services, isQuick, dashboard }) {
  const { client, previewUrl, browser } = services;
  const say = (/** @type {string} */ text) => void process.stderr.write(`dashboards: ${text}\n`);
  const size = isQuick ? QUICK_SIZE : SIZE;
  const dashboards = await readDashboards(dashboard);
  await fillHistory(client, { ...size, say });
  const { rows: flows } = await client.query(
    'SELECT user_id, session_id FROM flow.flows WHERE user_id = (SELECT user_id FROM flow.flows LIMIT 1) ORDER BY started_at DESC LIMIT 1',
  );
  const variables = `&var-user=${flows[0].user_id}&var-session=${flows[0].session_id}`;
  const results = [];
  for (const { uid, title, panels } of dashboards) {
    const views = [{ name: 'the whole dashboard', view: '' }].concat(
      panels.map((panel) => ({ name: panel.title, view: `&viewPanel=${panel.id}` })),
    );
    for (const { name, view } of views) {
      for (const range of RANGES) {
        const time = range === '' ? '' : `&from=${range}&to=now`;
        const answers = [];
        for (let round = 0; round < ROUNDS; round++) {
          const panel = await openPanel(
            browser,
            `${previewUrl}/d/${uid}?${view}${time}${uid === 'flow-session' ? variables : ''}`,
          );
          try {
            answers.push(await untilAnswered(panel.page));
          } finally {
            await panel.close();
          }
        }
        const ms = answers.map((answer) => answer.ms);
        const what = `${title}: ${name}${range === '' ? '' : ', 24 h'}`;
        say(`${what}: ${ms.map((each) => each.toFixed(0)).join(', ')} ms`);
        results.push({ what, p50: median(ms), max: Math.max(...ms), kb: median(answers.map(({ kb }) => kb)) });
      }
    }
  }
  results.sort((a, b) => b.max - a.max);
  const rows = results.map(({ what, p50, max, kb }) => [
    what,
    p50.toFixed(0),
    max.toFixed(0),
    `${kb.toFixed(0)} kB`,
    max <= TARGET_MS ? 'met' : 'NOT MET',
  ]);
  return [
    `Dashboards at ${size.flows.toLocaleString('en')} flows: ms from a page's first question to its last answer, its variables' among them; ` +
      `${ROUNDS} runs, the slowest first; target ≤ ${TARGET_MS} ms`,
    table([['panel', 'median', 'max', 'answers', ''], ...rows]),
  ].join('\n');
}
