import path from 'node:path';
import { Redis } from 'ioredis';
import { canPin, pin, startChild } from '../child.mjs';
import { addedCpuRatio, resultsTable, speedRatio, targetsTable } from './report.mjs';
import { runRounds } from './rounds.mjs';

const here = import.meta.dirname;
const SERVER_CORE = 0;
const LOAD_CORE = 1;

const BARE = 'bare Express';
const OURS = 'flow tracking';
const MONITORED = 'flow tracking, monitored';
const OTEL = 'OpenTelemetry, by hand';
const OTEL_AUTO = 'OpenTelemetry, auto';
const AWAITED = 'await everything';

const VARIANTS = [
  { name: BARE, variant: 'bare', isOurs: false },
  { name: OURS, variant: 'flow-tracking', isOurs: true },
  { name: MONITORED, variant: 'flow-tracking-monitored', isOurs: true },
  { name: OTEL, variant: 'opentelemetry', isOurs: false },
  { name: OTEL_AUTO, variant: 'opentelemetry-auto', isOurs: false },
  { name: AWAITED, variant: 'await-everything', isOurs: false },
];

const FULL = {
  closed: { rounds: 7, seconds: 3, connections: 32 },
  steady: { rounds: 6, seconds: 6, connections: 256, rate: 300 },
  recording: { rounds: 9, flows: 5000 },
};
const QUICK = {
  closed: { rounds: 3, seconds: 0.5, connections: 32 },
  steady: { rounds: 3, seconds: 0.5, connections: 256, rate: 300 },
  recording: { rounds: 3, flows: 1000 },
};

/** @typedef {import('./report.mjs').Results} Results */
/** @typedef {[string, import('./recording/run-rounds.mjs').Cost][]} Costs */

/** @param {Results} closed @param {Results} steady @param {Costs} recording */
function targets(closed, steady, recording) {
  const [[, own], [, span]] = /** @type {[Costs[0], Costs[0]]} */ (recording);
  const atLeast = (/** @type {string} */ what, /** @type {number} */ value, /** @type {number} */ target) => ({
    what,
    value,
    target,
    isAtLeast: true,
  });
  const atMost = (/** @type {string} */ what, /** @type {number} */ value, /** @type {number} */ target) => ({
    what,
    value,
    target,
    isAtLeast: false,
  });
  return [
    atLeast('req/s against bare', speedRatio(closed, OURS, BARE), 0.9),
    atLeast('req/s against bare, monitored', speedRatio(closed, MONITORED, BARE), 0.85),
    atLeast('req/s against OpenTelemetry by hand', speedRatio(closed, OURS, OTEL), 1.3),
    atLeast('req/s against OpenTelemetry auto', speedRatio(closed, OURS, OTEL_AUTO), 2.3),
    atLeast('req/s against await everything, monitored', speedRatio(closed, MONITORED, AWAITED), 3),
    atMost('added CPU against OpenTelemetry by hand', addedCpuRatio(closed, OURS, OTEL, BARE), 0.25),
    atMost('the same at 300 requests a second', addedCpuRatio(steady, OURS, OTEL, BARE), 0.5),
    atMost('a checkpoint against a span, the request waits', own.recordUs / span.recordUs, 0.25),
  ];
}

/** @param {Costs} recording */
function recordingTable(recording) {
  return recording
    .map(([name, { recordUs, cpuUs }]) => {
      const waits = `${(recordUs * 1000).toFixed(0)} ns`.padStart(9);
      return `${name.padEnd(24)} the request waits ${waits}, processor time ${(cpuUs * 1000).toFixed(0)} ns`;
    })
    .join('\n');
}

/**
 * Prints what a request with six checkpoints costs its server, beside what people would use instead.
 *
 * @param {{ redis: { url: string, pid: number }, isQuick: boolean }} options
 */
export async function benchMiddleware({ redis: { url: redisUrl, pid: redisPid }, isQuick }) {
  const size = isQuick ? QUICK : FULL;
  // The server has a core to itself; what it talks to shares the other.
  pin(process.pid, LOAD_CORE);
  pin(redisPid, LOAD_CORE);
  const redis = new Redis(redisUrl);
  const otlp = await startChild(path.join(here, 'otlp-sink.mjs'), [], { core: LOAD_CORE });
  const otlpUrl = `http://127.0.0.1:${otlp.first.port}/v1/traces`;
  const children = [];
  const subjects = [];
  try {
    for (const { name, variant, isOurs } of VARIANTS) {
      const child = await startChild(path.join(here, 'server.mjs'), [variant, redisUrl, otlpUrl], {
        core: SERVER_CORE,
      });
      children.push(child);
      subjects.push({ name, isOurs, port: child.first.port, ask: child.ask });
    }
    const say = (/** @type {string} */ what, /** @type {number} */ rounds) => (/** @type {number} */ round) => {
      process.stderr.write(`${what}: round ${round} of ${rounds}${round === 0 ? ' (warming up)' : ''}\n`);
    };
    const closed = await runRounds(subjects, size.closed, redis, say('32 connections', size.closed.rounds));
    const steady = await runRounds(subjects, size.steady, redis, say('300 requests a second', size.steady.rounds));
    process.stderr.write('recording alone\n');
    const { rounds, flows } = size.recording;
    const script = path.join(here, 'recording/run.mjs');
    const recording = /** @type {Costs} */ (
      (await startChild(script, [redisUrl, String(rounds), String(flows)], { core: SERVER_CORE })).first
    );
    console.log(
      [
        `Express with six checkpoints a request; Node ${process.version}; ` +
          (canPin ? 'server and load on a core each' : 'server and load share all cores, which blurs the figures'),
        `\n32 connections, each as fast as it goes; medians of ${size.closed.rounds} rounds of ${size.closed.seconds} s`,
        resultsTable(closed, BARE),
        `\n300 requests a second; medians of ${size.steady.rounds} rounds of ${size.steady.seconds} s`,
        resultsTable(steady, BARE),
        '\nOne checkpoint',
        recordingTable(recording),
        '',
        targetsTable(targets(closed, steady, recording)),
        "\nEach round of flow tracking's ended with exactly the events recorded in the stream, and none dropped.",
      ].join('\n'),
    );
  } finally {
    for (const child of children) await child.stop();
    await otlp.stop();
    redis.disconnect();
  }
}
