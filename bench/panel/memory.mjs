import { table } from './figures.mjs';
import { expectNoneDropped, withLivePage } from './live-page.mjs';
import { sentFlow, steadily } from './traffic.mjs';

const RATE = 200;
/** Events of one chat, after which another begins. */
const EVENTS_PER_FLOW = 40;
/** As many go on side by side. */
const OPEN_FLOWS = 10;
/** Collections of garbage beside the first one. */
const PARTS = 4;
const WARM_UP_SECONDS = 10;

/**
 * Heap of a page on which chats come and go.
 *
 * @param {{ services: import('./services.mjs').Services, minutes: number }} options
 * @returns {Promise<string>} a report
 */
export function benchMemory({ services, minutes }) {
  return withLivePage(services, async ({ panel, tracking, user }) => {
    const begin = () => sentFlow(tracking.startFlow({ name: 'POST /ask/stream', userId: user }));
    const open = Array.from({ length: OPEN_FLOWS }, begin);
    const counts = open.map((_, i) => Math.floor((i * EVENTS_PER_FLOW) / OPEN_FLOWS));
    const step = (/** @type {number} */ i) => {
      const at = i % OPEN_FLOWS;
      open[at]?.step();
      counts[at] = (counts[at] ?? 0) + 1;
      if (counts[at] < EVENTS_PER_FLOW) return;
      open[at]?.end();
      open[at] = begin();
      counts[at] = 0;
    };
    const rows = [];
    let seconds = WARM_UP_SECONDS;
    for (let part = 0; part <= PARTS; part++) {
      await steadily({ rate: RATE, seconds, step });
      const heapMb = await panel.heapMb();
      const { nodes, jsEventListeners } = await panel.session.send('Memory.getDOMCounters');
      const at = (minutes * part) / PARTS;
      process.stderr.write(`panel: memory after ${at} min: ${heapMb.toFixed(1)} MB\n`);
      rows.push([`${at} min`, heapMb.toFixed(1), String(nodes), String(jsEventListeners)]);
      seconds = (minutes * 60) / PARTS;
    }
    expectNoneDropped(tracking);
    return [
      `Memory: ${RATE} events/s for ${minutes} min after ${WARM_UP_SECONDS} s, ${OPEN_FLOWS} chats at a time; after a collection`,
      table([['after', 'heap MB', 'DOM nodes', 'listeners'], ...rows]),
    ].join('\n');
  });
}
