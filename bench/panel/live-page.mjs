import { setTimeout as delay } from 'node:timers/promises';
import { flowTracking } from '@flow-tracking/express';
import { LIVE_DASHBOARD } from './dashboards.mjs';
import { openPanel } from './panel-page.mjs';
import { PREFIX } from './services.mjs';
import { monitor } from './traffic.mjs';

/** @typedef {import('./panel-page.mjs').PanelPage} PanelPage */
/** @typedef {import('@flow-tracking/express').FlowTracking} FlowTracking */

const LIMIT_MS = 10_000;
const CONNECTED =
  '[data-testid="flow-panel"][data-connection="live"], [data-testid="flow-connection"][data-state="live"]';

let users = 0;

/**
 * A page that watches a user whose flows the middleware records.
 *
 * @template T
 * @param {import('./services.mjs').Services} services
 * @param {(live: { panel: PanelPage, tracking: FlowTracking, user: string }) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withLivePage({ browser, redisUrl, bridgeUrl, previewUrl }, use) {
  const user = `bench-${users++}`;
  const tracking = flowTracking({ redis: redisUrl, prefix: PREFIX, service: 'bench' });
  await monitor(bridgeUrl, user);
  const panel = await openPanel(browser, `${previewUrl}/d/${LIVE_DASHBOARD}?viewPanel=1&var-user=${user}`);
  try {
    await panel.page.locator(CONNECTED).first().waitFor();
    // Grants of earlier pages are among them.
    await until('the middleware knows whom to publish', () => tracking.stats().monitoring.users === users);
    return await use({ panel, tracking, user });
  } finally {
    await panel.close();
    await tracking.close();
  }
}

/** Nothing that was recorded was left out, or what is seen says nothing. @param {FlowTracking} tracking */
export function expectNoneDropped(tracking) {
  const { dropped } = tracking.stats();
  if (Object.values(dropped).some((count) => count > 0)) throw new Error(`dropped: ${JSON.stringify(dropped)}`);
}

/** @param {string} what @param {() => boolean | Promise<boolean>} isSo @returns {Promise<void>} */
export async function until(what, isSo) {
  const startedMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedMs > LIMIT_MS) throw new Error(`${LIMIT_MS / 1000} s without: ${what}`);
    await delay(20);
  }
}
