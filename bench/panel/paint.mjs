import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../median.mjs';
import { HISTORY_DASHBOARD } from './dashboards.mjs';
import { table } from './figures.mjs';
import { openPanel } from './panel-page.mjs';

/** @typedef {import('./history.mjs').Shape & { flowId: string }} Flow */
/** @typedef {{ answeredMs: number, drawnMs: number, nodes: number, key: string }} Paint */

const LOOK_MS = 1_500;
const PART_STILL_MS = 6_000;
const LIMIT_MS = 60_000;

/** @param {import('./services.mjs').Services} services @param {string} flowId */
export const historyUrl = ({ previewUrl }, flowId) =>
  `${previewUrl}/d/${HISTORY_DASHBOARD}?viewPanel=1&var-flow=${flowId}`;

/**
 * Waits until all of a flow is drawn and nothing more comes; or, since a panel may draw only a part, until nothing has come for
 * some time.
 *
 * @param {import('./panel-page.mjs').PanelPage} panel
 * @param {Flow} flow
 * @returns {Promise<Paint>}
 */
export async function untilPainted({ page }, { flowId, name, nodes }) {
  const startedMs = performance.now();
  let last = '';
  let stillMs = 0;
  while (performance.now() - startedMs < LIMIT_MS) {
    const paint = /** @type {Paint} */ (await page.evaluate(`flowProbe.paint('${flowId}')`));
    const now = JSON.stringify([paint.key, paint.answeredMs]);
    stillMs = now === last && paint.answeredMs > 0 && paint.key !== '' ? stillMs + LOOK_MS : 0;
    if (stillMs >= (paint.nodes >= nodes ? LOOK_MS : PART_STILL_MS)) return paint;
    last = now;
    await delay(LOOK_MS);
  }
  throw new Error(`${name}: not drawn within ${LIMIT_MS / 1000} s`);
}

/**
 * From the last answer with a flow's data to the end of the frame that has all of it.
 *
 * @param {{ services: import('./services.mjs').Services, flows: Flow[], rounds: number }} options
 * @returns {Promise<string>} a report
 */
export async function benchPaint({ services, flows, rounds }) {
  const results = flows.map((flow) => ({ flow, ms: /** @type {number[]} */ ([]), nodes: 0 }));
  for (let round = 1; round <= rounds; round++) {
    for (const result of results) {
      process.stderr.write(`panel: paint ${round} of ${rounds}, ${result.flow.name}\n`);
      const panel = await openPanel(services.browser, historyUrl(services, result.flow.flowId));
      try {
        const paint = await untilPainted(panel, result.flow);
        result.ms.push(paint.drawnMs - paint.answeredMs);
        result.nodes = paint.nodes;
      } finally {
        await panel.close();
      }
    }
  }
  const rows = results.map(({ flow, ms, nodes }) => [
    flow.name,
    median(ms).toFixed(0),
    Math.max(...ms).toFixed(0),
    nodes === flow.nodes ? 'all' : `${nodes} of ${flow.nodes}`,
  ]);
  return [
    `Paint: ms from the last answer to the frame with all nodes; ${rounds} runs`,
    table([['flow', 'median', 'max', 'nodes'], ...rows]),
  ].join('\n');
}
