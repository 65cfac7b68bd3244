import { quantile } from '../quantile.mjs';

/**
 * What one slice of one server came to.
 *
 * @typedef {{ requests: number, perSecond: number, cpuUs: number, p99Ms: number }} Figures cpuUs: of the whole slice
 */

/**
 * A slice of every server, by its name, taken one right after another.
 *
 * @typedef {ReadonlyMap<string, Figures>} Cycle
 */

/** @typedef {{ value: number, low: number, high: number }} Interval of 95 % */

const RESAMPLES = 1_000;
/** Of the cycles, on either side: what the machine did just then. */
const TRIMMED = 0.1;

/** @template T @param {readonly T[]} values @returns {T} */
const any = (values) => /** @type {T} */ (values[Math.floor(Math.random() * values.length)]);

/** @param {Cycle} cycle @param {string} name */
const of = (cycle, name) => /** @type {Figures} */ (cycle.get(name));

/**
 * A figure of all cycles with its interval, by the bootstrap: rounds are resampled first and then their cycles, since those of
 * one process have its luck in common.
 *
 * @param {readonly Cycle[][]} rounds
 * @param {(cycles: readonly Cycle[]) => number} figure
 * @returns {Interval}
 */
export function interval(rounds, figure) {
  const resampled = Array.from({ length: RESAMPLES }, () =>
    figure(
      rounds.flatMap(() => {
        const round = any(rounds);
        return round.map(() => any(round));
      }),
    ),
  ).sort((a, b) => a - b);
  return { value: figure(rounds.flat()), low: quantile(resampled, 0.025), high: quantile(resampled, 0.975) };
}

/** Requests a second, the middle of all cycles. @param {string} name */
export const speed = (name) => (/** @type {readonly Cycle[]} */ cycles) =>
  quantile(
    cycles.map((cycle) => of(cycle, name).perSecond).sort((a, b) => a - b),
    0.5,
  );

/** @param {string} name */
export const p99 = (name) => (/** @type {readonly Cycle[]} */ cycles) =>
  quantile(
    cycles.map((cycle) => of(cycle, name).p99Ms).sort((a, b) => a - b),
    0.5,
  );

/** Requests a second against another's in the same cycle: the mean of ratios without the outermost. @param {string} name @param {string} other */
export const speedRatio = (name, other) => (/** @type {readonly Cycle[]} */ cycles) => {
  const logs = cycles
    .map((cycle) => Math.log(of(cycle, name).perSecond / of(cycle, other).perSecond))
    .sort((a, b) => a - b);
  const cut = Math.floor(logs.length * TRIMMED);
  const kept = logs.slice(cut, logs.length - cut);
  return Math.exp(kept.reduce((sum, value) => sum + value, 0) / kept.length);
};

/**
 * Processor time of a request in µs, of all cycles together: a full garbage collection falls into some slices and not into
 * others, and belongs to what the requests cost.
 *
 * @param {string} name
 */
export const cpu = (name) => (/** @type {readonly Cycle[]} */ cycles) => {
  let cpuUs = 0;
  let requests = 0;
  for (const cycle of cycles) {
    cpuUs += of(cycle, name).cpuUs;
    requests += of(cycle, name).requests;
  }
  return cpuUs / requests;
};

/** @param {string} name @param {string} baseline */
export const addedCpu = (name, baseline) => (/** @type {readonly Cycle[]} */ cycles) =>
  cpu(name)(cycles) - cpu(baseline)(cycles);

/** What one adds against what another adds, both over the same. @param {string} name @param {string} other @param {string} baseline */
export const addedRatio = (name, other, baseline) => (/** @type {readonly Cycle[]} */ cycles) =>
  addedCpu(name, baseline)(cycles) / addedCpu(other, baseline)(cycles);
