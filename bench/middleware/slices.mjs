import { inTurn } from '../compare/in-turn.mjs';
import { takeEvents } from './stream-audit.mjs';

/**
 * A variant's server, and connections to it that stay open.
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {(command: string) => Promise<import('./server.mjs').Reading>} ask
 * @property {Awaited<ReturnType<typeof import('../load.mjs').openLoop>>} loop
 * @property {boolean} isOurs its events are looked for in the stream
 */

/**
 * @typedef {object} Slice
 * @property {number} cycles
 * @property {number} ms of each slice
 * @property {number} [rate] requests a second; without it as many as go
 */

/** @typedef {import('./statistics.mjs').Figures} Figures */

/** @param {Target} target @param {Slice} slice @param {import('ioredis').Redis} redis @returns {Promise<Figures>} */
async function measure({ name, ask, loop, isOurs }, { ms, rate }, redis) {
  const before = await ask('read');
  const { requests, seconds, p99Ms } = rate === undefined ? await loop.run(ms) : await loop.runSteadily(ms, rate);
  // What is still to be sent belongs to what the requests cost.
  const after = await ask('flush');
  if (isOurs) {
    const recorded = after.recorded.events - before.recorded.events;
    const dropped = after.recorded.dropped - before.recorded.dropped;
    const held = await takeEvents(redis);
    if (held !== recorded || dropped > 0) {
      throw new Error(`${name}: ${recorded} events recorded, ${dropped} dropped, but ${held} in the stream`);
    }
  }
  return { requests, perSecond: requests / seconds, cpuUs: after.cpuUs - before.cpuUs, p99Ms };
}

/**
 * Measures the servers one after another, in a new random order each time, so that what else the machine does hits
 * neighbours alike.
 *
 * @param {readonly Target[]} targets
 * @param {Slice} slice
 * @param {import('ioredis').Redis} redis
 * @returns {Promise<import('./statistics.mjs').Cycle[]>}
 */
export async function runCycles(targets, slice, redis) {
  const figures = await inTurn(targets, slice.cycles, (target) => measure(target, slice, redis));
  return Array.from(
    { length: slice.cycles },
    (_, i) => new Map([...figures].map(([{ name }, all]) => [name, /** @type {Figures} */ (all[i])])),
  );
}
