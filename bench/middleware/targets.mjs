import { addedCpu, addedRatio, interval, speedRatio } from './statistics.mjs';

/** @typedef {import('./report.mjs').Limit} Limit */
/** @typedef {import('./report.mjs').Rounds} Rounds */

export const NAMES = /** @type {const} */ ({
  bare: 'bare Express',
  inUse: 'Express with Redis in use',
  ours: 'flow tracking',
  monitored: 'flow tracking, monitored',
  otel: 'OpenTelemetry, by hand',
  otelAuto: 'OpenTelemetry, auto',
  awaited: 'await everything',
  recorded: '@flow-tracking/express',
  spans: 'OpenTelemetry spans',
});

/** Of a Node's major version: share of the requests a second of Express with Redis in use, and µs added to it. */
const BY_MAJOR = new Map([
  [20, { speed: 0.84, addedUs: 30 }],
  [24, { speed: 0.76, addedUs: 25 }],
]);
const MONITORED_LESS = 0.05;

/** @param {string} what @param {import('./statistics.mjs').Interval} measured @param {number} wanted @returns {Limit} */
const atLeast = (what, measured, wanted) => ({ what, measured, wanted, isAtLeast: true });
/** @param {string} what @param {import('./statistics.mjs').Interval} measured @param {number} wanted @returns {Limit} */
const atMost = (what, measured, wanted) => ({ what, measured, wanted, isAtLeast: false });

/**
 * What is wanted of the servers on one Node.
 *
 * @param {{ closed: Rounds, steady: Rounds, major: number }} results
 * @returns {Limit[]}
 */
export function serverTargets({ closed, steady, major }) {
  const { bare, inUse, ours, monitored, otel, otelAuto, awaited } = NAMES;
  const own = BY_MAJOR.get(major);
  const ofMajor =
    own === undefined
      ? []
      : [
          atLeast('req/s against Redis in use', interval(closed, speedRatio(ours, inUse)), own.speed),
          atLeast('the same, monitored', interval(closed, speedRatio(monitored, inUse)), own.speed - MONITORED_LESS),
          atMost('µs added to Redis in use', interval(closed, addedCpu(ours, inUse)), own.addedUs),
        ];
  return [
    ...ofMajor,
    atLeast('req/s against OpenTelemetry by hand', interval(closed, speedRatio(ours, otel)), 1.25),
    atLeast('req/s against OpenTelemetry auto', interval(closed, speedRatio(ours, otelAuto)), 1.8),
    atLeast('req/s against await everything, monitored', interval(closed, speedRatio(monitored, awaited)), 2.5),
    atMost(
      'CPU added to bare, of what OpenTelemetry by hand adds',
      interval(closed, addedRatio(ours, otel, bare)),
      0.4,
    ),
    atMost('the same at 300 requests a second', interval(steady, addedRatio(ours, otel, bare)), 0.65),
  ];
}

/**
 * What is wanted of one checkpoint, without a server around it.
 *
 * @param {ReadonlyMap<string, import('./recording/run-rounds.mjs').Cost>} costs
 * @returns {Limit[]}
 */
export function recordingTargets(costs) {
  const of = (/** @type {string} */ name) =>
    costs.get(name) ?? { recordUs: Number.NaN, encodedUs: Number.NaN, cpuUs: Number.NaN };
  const exactly = (/** @type {number} */ value) => ({ value, low: value, high: value });
  const { recordUs, encodedUs } = of(NAMES.recorded);
  return [
    atMost('a checkpoint: µs that the request waits', exactly(recordUs), 0.2),
    atMost('the same, with its encoding', exactly(encodedUs), 0.4),
    atMost('a checkpoint against a span, the request waits', exactly(recordUs / of(NAMES.spans).recordUs), 0.25),
  ];
}
