import { benchDashboards } from './dashboard-answers.mjs';
import { insertShape, SHAPES } from './history.mjs';
import { benchLive } from './live.mjs';
import { benchMemory } from './memory.mjs';
import { idleFrames } from './panel-page.mjs';
import { benchPaint } from './paint.mjs';
import { benchScroll } from './scroll.mjs';
import { startServices } from './services.mjs';

const ROUNDS = 5;
const QUICK_ROUNDS = 3;
const FRAMES = 320;
const QUICK_FRAMES = 120;
const MINUTES = 2;
const QUICK_MINUTES = 0.5;

/**
 * What the panel costs the browser: time to paint, frames while it is moved and while events come, and memory.
 *
 * @param {object} options
 * @param {{ url: string }} options.redis
 * @param {string} options.dir for the data
 * @param {string} options.logDir
 * @param {readonly string[]} options.cases of `PANEL_CASES`
 * @param {number} options.minutes of the memory case; 0 for the default
 * @param {string} [options.dashboard] the uid of the only one whose panels are asked
 * @param {boolean} options.isQuick
 */
export async function benchPanel({ redis, dir, logDir, cases, dashboard, minutes, isQuick }) {
  const services = await startServices({ redisUrl: redis.url, dir, logDir });
  const rounds = isQuick ? QUICK_ROUNDS : ROUNDS;
  const frames = isQuick ? QUICK_FRAMES : FRAMES;
  try {
    const { p50, p95, max } = await idleFrames(services.browser);
    console.log(
      `Panel in Chromium ${services.browser.version()}, 1440×900, drawn by software\n` +
        `  idle frame, p50/p95/max ms: ${p50.toFixed(1)}/${p95.toFixed(1)}/${max.toFixed(1)}`,
    );
    const flows = [];
    for (const shape of cases.some((name) => name === 'paint' || name === 'scroll') ? SHAPES : []) {
      if (isQuick && !shape.isQuick) continue;
      flows.push({ ...shape, flowId: await insertShape(services.client, shape) });
    }
    for (const name of cases) {
      if (name === 'paint') console.log(await benchPaint({ services, flows, rounds }));
      if (name === 'scroll') console.log(await benchScroll({ services, flows, rounds, frames }));
      if (name === 'live') console.log(await benchLive({ services, rounds, isQuick }));
      if (name === 'dashboards') console.log(await benchDashboards({ services, isQuick, dashboard }));
      if (name === 'memory') {
        console.log(await benchMemory({ services, minutes: minutes || (isQuick ? QUICK_MINUTES : MINUTES) }));
      }
    }
  } finally {
    await services.stop();
  }
}
