import { median } from '../median.mjs';
import { loadFully, loadSteadily } from '../load.mjs';
import { takeEvents } from './stream-audit.mjs';

/**
 * A variant's server in one of the states that are compared.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {number} port
 * @property {(command: string) => Promise<import('./server.mjs').Reading>} ask
 * @property {boolean} isOurs its events are looked for in the stream
 */

/** @typedef {{ requestsPerSecond: number, cpuUs: number, utilisation: number, p50Ms: number, p99Ms: number }} Figures cpuUs: of one request */

/**
 * @typedef {object} Size
 * @property {number} rounds
 * @property {number} seconds of each
 * @property {number} connections
 * @property {number} [rate] requests a second; without it as many as go
 */

/** @param {Subject} subject @param {Size} size @param {import('ioredis').Redis} redis @returns {Promise<Figures>} */
async function runRound(subject, { seconds, connections, rate }, redis) {
  const before = await subject.ask('read');
  const load =
    rate === undefined
      ? await loadFully(subject.port, { connections, seconds })
      : await loadSteadily(subject.port, { connections, rate, seconds });
  // What is still to be sent belongs to what the requests cost.
  const after = await subject.ask('flush');
  if (subject.isOurs) {
    const recorded = after.recorded.events - before.recorded.events;
    const dropped = after.recorded.dropped - before.recorded.dropped;
    const held = await takeEvents(redis);
    if (held !== recorded - dropped) {
      throw new Error(`${subject.name}: ${recorded} events recorded, ${dropped} dropped, but ${held} in the stream`);
    }
    if (dropped > 0) throw new Error(`${subject.name}: ${dropped} events were dropped, so the figures are void`);
  }
  const cpuUs = after.cpuUs - before.cpuUs;
  return {
    requestsPerSecond: load.requests / load.seconds,
    cpuUs: cpuUs / load.requests,
    utilisation: cpuUs / (load.seconds * 1e6),
    p50Ms: load.p50Ms,
    p99Ms: load.p99Ms,
  };
}

/**
 * Measures the subjects in turn, round by round and every other time in reverse, so that what the machine does meanwhile
 * hits all alike. The first round warms up and is left out.
 *
 * @param {Subject[]} subjects
 * @param {Size} size
 * @param {import('ioredis').Redis} redis
 * @param {(round: number) => void} onRound
 * @returns {Promise<Map<string, Figures[]>>} a list per subject, one entry per round
 */
export async function runRounds(subjects, size, redis, onRound) {
  /** @type {Map<string, Figures[]>} */
  const figures = new Map(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round <= size.rounds; round++) {
    onRound(round);
    for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse()) {
      const measured = await runRound(subject, size, redis);
      if (round > 0) figures.get(subject.name)?.push(measured);
    }
  }
  return figures;
}

/**
 * The median over the rounds of a figure, against that of another subject in the same round.
 *
 * @param {Figures[]} own
 * @param {Figures[]} other
 * @param {(own: Figures, other: Figures) => number} compare
 */
export function compareRounds(own, other, compare) {
  return median(own.map((figures, i) => compare(figures, /** @type {Figures} */ (other[i]))));
}
