import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../median.mjs';
import { FRAME_HEADS, frameCells, framesOf, medianFrames, table } from './figures.mjs';
import { lagOf } from './lag.mjs';
import { expectNoneDropped, until, withLivePage } from './live-page.mjs';
import { VIEWS } from './panel-page.mjs';
import { sentFlow, steadily } from './traffic.mjs';

/** @typedef {{ name: string, rate: number, seconds: number, flows: number, nodes: number }} Load `nodes`: of each flow, before it begins */
/** @typedef {{ frames: ReturnType<typeof framesOf>, lag: ReturnType<typeof lagOf>, blank: number, samples: number, heapMb: number }} Run */

/** @type {Load[]} */
const LOADS = [
  { name: '40 events/s, one flow of 236 nodes', rate: 40, seconds: 20, flows: 1, nodes: 236 },
  { name: '1,000 events/s, one flow', rate: 1_000, seconds: 30, flows: 1, nodes: 6 },
  { name: '1,000 events/s, 99 flows', rate: 1_000, seconds: 30, flows: 99, nodes: 6 },
];
const QUICK_SECONDS = 6;
/** Ten events of {@link sentFlow} begin six nodes. */
const EVENTS_PER_NODE = 10 / 6;
const WARM_UP_RATE = 500;
const SETTLE_MS = 500;

/** @param {import('./services.mjs').Services} services @param {Load} load @param {string} view @returns {Promise<Run | undefined>} */
function runLoad(services, load, view) {
  return withLivePage(services, async ({ panel, tracking, user }) => {
    const flows = Array.from({ length: load.flows }, () =>
      sentFlow(tracking.startFlow({ name: 'POST /ask/stream', userId: user })),
    );
    const step = (/** @type {number} */ i) => flows[i % flows.length]?.step();
    const warmUp = Math.ceil(load.nodes * EVENTS_PER_NODE) * load.flows;
    await steadily({ rate: WARM_UP_RATE, seconds: warmUp / WARM_UP_RATE, step });
    await until('the panel shows a flow', () => panel.page.evaluate("flowProbe.look().flow !== ''"));
    if (!(await panel.show(view))) return undefined;
    await delay(SETTLE_MS);
    const recording = await panel.record(() => steadily({ rate: load.rate, seconds: load.seconds, step }), true);
    expectNoneDropped(tracking);
    const heapMb = await panel.heapMb();
    for (const flow of flows) flow.end();
    await expectAllStored(services, tracking, flows);
    return {
      frames: framesOf(recording.frames.map(([ms]) => ms)),
      lag: lagOf(recording.frames, flows),
      blank: recording.blank.filter(Boolean).length,
      samples: recording.blank.length,
      heapMb,
    };
  });
}

/**
 * What is compared with the panel must be what was recorded.
 *
 * @param {import('./services.mjs').Services} services
 * @param {import('@flow-tracking/express').FlowTracking} tracking
 * @param {import('./traffic.mjs').SentFlow[]} flows
 */
async function expectAllStored({ client }, tracking, flows) {
  await tracking.flush();
  const wanted = flows.reduce((sum, { eventMs }) => sum + eventMs.length - 1, 0);
  await until(`history has the last of ${wanted} events`, async () => {
    const { rows } = await client.query(
      "SELECT sum(last_seq)::int AS seqs FROM flow.flows WHERE flow_id = ANY ($1) AND status = 'ok'",
      [flows.map(({ id }) => id)],
    );
    return rows[0]?.seqs === wanted;
  });
}

/**
 * Frames, and how far behind the panel is, while events come.
 *
 * @param {{ services: import('./services.mjs').Services, rounds: number, isQuick: boolean }} options
 * @returns {Promise<string>} a report
 */
export async function benchLive({ services, rounds, isQuick }) {
  const loads = LOADS.map((load) => ({ ...load, seconds: isQuick ? QUICK_SECONDS : load.seconds }));
  /** @type {Map<string, Run[]>} */
  const results = new Map();
  for (let round = 1; round <= rounds; round++) {
    for (const load of loads) {
      for (const view of VIEWS) {
        const name = `${load.name}, ${load.seconds} s, ${view.toLowerCase()}`;
        process.stderr.write(`panel: live ${round} of ${rounds}, ${name}\n`);
        const run = await runLoad(services, load, view);
        if (run !== undefined) results.set(name, [...(results.get(name) ?? []), run]);
      }
    }
  }
  const rows = [...results].map(([name, runs]) => {
    const of = (/** @type {(run: Run) => number} */ figure) => median(runs.map(figure)).toFixed(0);
    return [
      name,
      ...frameCells(medianFrames(runs.map(({ frames }) => frames))),
      `${of(({ lag }) => lag.msP50)}/${of(({ lag }) => lag.msP95)}/${of(({ lag }) => lag.msMax)}`,
      `${of(({ lag }) => lag.eventsP50)}/${of(({ lag }) => lag.eventsMax)}/${of(({ lag }) => lag.eventsLast)}`,
      `${of(({ blank }) => blank)} of ${of(({ samples }) => samples)}`,
      of(({ heapMb }) => heapMb),
    ];
  });
  return [
    `Live: frames and how far the panel is behind what was recorded; medians of ${rounds} runs`,
    table([
      ['', ...FRAME_HEADS, 'behind p50/p95/max ms', 'events p50/max/at the end', 'blank looks', 'heap MB'],
      ...rows,
    ]),
  ].join('\n');
}
