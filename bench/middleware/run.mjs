import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { canPin, pin, startChild } from '../child.mjs';
import { openLoop } from '../load.mjs';
import { provideNode } from './node-binaries.mjs';
import { recordingTable, resultsTable, targetsTable } from './report.mjs';
import { runCycles } from './slices.mjs';
import { NAMES, recordingTargets, serverTargets } from './targets.mjs';

const here = import.meta.dirname;
const SERVER_CORE = 0;
const LOAD_CORE = 1;
const CONNECTIONS = 32;
/** At a steady rate, so that there is always one that is not busy. */
const STEADY_CONNECTIONS = 256;
/** What has been measured before must not be heard in the next slice: a flush, a collection that runs beside. */
const PAUSE_MS = 20;

const VARIANTS = [
  { name: NAMES.bare, variant: 'bare', isOurs: false, isSteady: true },
  { name: NAMES.inUse, variant: 'redis-in-use', isOurs: false, isSteady: true },
  { name: NAMES.ours, variant: 'flow-tracking', isOurs: true, isSteady: true },
  { name: NAMES.monitored, variant: 'flow-tracking-monitored', isOurs: true, isSteady: false },
  { name: NAMES.otel, variant: 'opentelemetry', isOurs: false, isSteady: true },
  { name: NAMES.otelAuto, variant: 'opentelemetry-auto', isOurs: false, isSteady: false },
  { name: NAMES.awaited, variant: 'await-everything', isOurs: false, isSteady: false },
];

const RECORDING = /** @type {const} */ ([
  ['flows', NAMES.recorded],
  ['spans', NAMES.spans],
]);

const FULL = {
  rounds: 3,
  warmUp: { cycles: 15, ms: 70 },
  closed: { cycles: 60, ms: 70 },
  steady: { cycles: 12, ms: 1000, rate: 300 },
  recording: { rounds: 9, flows: 5000 },
};
const QUICK = {
  rounds: 2,
  warmUp: { cycles: 8, ms: 70 },
  closed: { cycles: 15, ms: 70 },
  steady: { cycles: 3, ms: 500, rate: 300 },
  recording: { rounds: 3, flows: 1000 },
};

/** @typedef {import('./report.mjs').Rounds} Rounds */
/** @typedef {{ redisUrl: string, otlpUrl: string, redis: Redis, node: string, size: typeof FULL }} Setup */

/** One round of fresh servers, a process of its own for each variant. @param {Setup} setup */
async function runRound({ redisUrl, otlpUrl, redis, node, size }) {
  const children = [];
  const targets = [];
  const calm = [];
  try {
    for (const variant of VARIANTS) {
      const args = [variant.variant, redisUrl, otlpUrl];
      const child = await startChild(path.join(here, 'server.mjs'), args, { core: SERVER_CORE, node });
      children.push(child);
      const loop = await openLoop(child.first.port, CONNECTIONS);
      const ask = async (/** @type {string} */ command) => {
        const reading = await child.ask(command);
        if (command === 'flush') await delay(PAUSE_MS);
        return reading;
      };
      targets.push({ ...variant, ask, loop });
      if (variant.isSteady) {
        calm.push({ ...variant, ask, loop: await openLoop(child.first.port, STEADY_CONNECTIONS) });
      }
    }
    await runCycles(targets, size.warmUp, redis);
    const closed = await runCycles(targets, size.closed, redis);
    return { closed, steady: await runCycles(calm, size.steady, redis) };
  } finally {
    for (const { loop } of [...targets, ...calm]) loop.close();
    for (const child of children) await child.stop();
  }
}

/** @param {Setup} setup @param {number} major */
async function benchNode(setup, major) {
  /** @type {Rounds} */
  const closed = [];
  /** @type {Rounds} */
  const steady = [];
  for (let round = 1; round <= setup.size.rounds; round++) {
    process.stderr.write(`middleware, Node ${major}: round ${round} of ${setup.size.rounds}\n`);
    const cycles = await runRound(setup);
    closed.push(cycles.closed);
    steady.push(cycles.steady);
  }
  process.stderr.write(`middleware, Node ${major}: recording alone\n`);
  const { rounds, flows } = setup.size.recording;
  /** @type {Map<string, import('./recording/run-rounds.mjs').Cost>} */
  const recording = new Map();
  for (const [target, name] of RECORDING) {
    const script = path.join(here, 'recording/run.mjs');
    const args = [target, setup.redisUrl, String(rounds), String(flows)];
    recording.set(name, (await startChild(script, args, { core: SERVER_CORE, node: setup.node })).first);
  }
  const { cycles, ms } = setup.size.closed;
  console.log(
    [
      `\nNode ${major}: six checkpoints a request, ${CONNECTIONS} connections, each as fast as it goes; ` +
        `${setup.size.rounds} rounds of fresh processes, ${cycles} slices of ${ms} ms of each in random order`,
      resultsTable(closed, NAMES.bare, NAMES.inUse),
      `\n${setup.size.steady.rate} requests a second, slices of ${setup.size.steady.ms} ms`,
      resultsTable(steady, NAMES.bare, NAMES.inUse),
      '\nOne checkpoint',
      recordingTable(recording),
      '',
      targetsTable([...serverTargets({ closed, steady, major }), ...recordingTargets(recording)]),
    ].join('\n'),
  );
}

/**
 * Prints what a request with six checkpoints costs its server, beside what people would use instead.
 *
 * @param {{ redis: { url: string, pid: number }, logDir: string, majors: readonly number[], isQuick: boolean }} options
 *   majors: the versions of Node that the servers run on
 */
export async function benchMiddleware({ redis: { url: redisUrl, pid: redisPid }, logDir, majors, isQuick }) {
  // The server has a core to itself; what it talks to shares the other.
  pin(process.pid, LOAD_CORE);
  pin(redisPid, LOAD_CORE);
  const redis = new Redis(redisUrl);
  const otlp = await startChild(path.join(here, 'otlp-sink.mjs'), [], { core: LOAD_CORE });
  const otlpUrl = `http://127.0.0.1:${otlp.first.port}/v1/traces`;
  const size = isQuick ? QUICK : FULL;
  try {
    console.log(
      canPin ? 'Server and load have a core each.' : 'Server and load share all cores, which blurs the figures.',
    );
    for (const major of majors) {
      await benchNode({ redisUrl, otlpUrl, redis, size, node: await provideNode(major, { logDir }) }, major);
    }
    console.log(
      "\nAfter each slice of flow tracking's the stream held exactly the events recorded, and none was dropped.",
    );
  } finally {
    await otlp.stop();
    redis.disconnect();
  }
}
