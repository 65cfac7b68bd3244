import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { framesOf } from './figures.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').CDPSession} Session */

/**
 * A frame: when it was (epoch ms), and which flow the panel then had, and up to which event.
 *
 * @typedef {[ms: number, flow: string, seq: number]} Frame
 */

/** @typedef {{ frames: Frame[], blank: boolean[] }} Recording */

/**
 * @typedef {object} PanelPage
 * @property {Page} page
 * @property {Session} session of Chromium's protocol
 * @property {(work: () => Promise<unknown>, watches?: boolean) => Promise<Recording>} record the frames of some work
 * @property {() => Promise<number>} heapMb after a collection of garbage
 * @property {(view: string) => Promise<boolean>} show false: there is no such view
 * @property {() => Promise<void>} close
 */

const SIZE = { width: 1440, height: 900 };
export const VIEWS = ['Tree', 'Timeline', 'Outline'];
const SETTLE_MS = 500;
const IDLE_MS = 1_000;

/**
 * Opens a page in a process of its own, so that none inherits another's heap.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @returns {Promise<PanelPage>}
 */
export async function openPanel(browser, url) {
  const context = await browser.newContext({ viewport: SIZE, colorScheme: 'dark' });
  const page = await context.newPage();
  await page.addInitScript({ path: path.join(import.meta.dirname, 'probe.js') });
  const session = await context.newCDPSession(page);
  // The system's own dragging, of a text that happens to be selected, would stop all frames.
  await session.send('Input.setInterceptDrags', { enabled: true });
  await page.goto(url);
  return {
    page,
    session,
    async record(work, watches = false) {
      await page.evaluate(`flowProbe.start(${watches})`);
      await work();
      return /** @type {Recording} */ (await page.evaluate('flowProbe.stop()'));
    },
    async heapMb() {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize / 1e6;
    },
    async show(view) {
      const button = page.getByRole('radio', { name: view, exact: true });
      if ((await button.count()) === 0) return false;
      // Grafana's radio buttons lie under their labels.
      await button.first().check({ force: true });
      await delay(SETTLE_MS);
      return true;
    },
    close: () => context.close(),
  };
}

/** Frames of a page in which nothing happens: what no figure can be below. @param {import('playwright-core').Browser} browser */
export async function idleFrames(browser) {
  const panel = await openPanel(browser, 'about:blank');
  try {
    const { frames } = await panel.record(() => delay(IDLE_MS));
    return framesOf(frames.map(([ms]) => ms));
  } finally {
    await panel.close();
  }
}
