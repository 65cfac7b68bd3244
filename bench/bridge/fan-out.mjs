#!/usr/bin/env node
// What it costs to bring a published frame to many viewers, and how long it takes, beside socket.io with its Redis adapter.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { redisKeys } from '@flow-tracking/protocol';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { median } from '../median.mjs';
import { canPin, pin, startChild } from '../child.mjs';
import { runAlone } from './live/servers.mjs';
import { quantile } from '../quantile.mjs';
import { nowMs, openViewer } from './live/viewers.mjs';

const HELP = `Usage: node bench/bridge/fan-out.mjs [--quick]

One user's frames are published in Redis and go to 100 viewers at 400 and at 1,200 a second, and to 1,000 at 40: by the bridge, and by
socket.io with its Redis adapter, in turn. Prints what a delivery costs the server, and how long it took. About two minutes;
--quick takes half a minute.
`;

const SERVER_CORE = 0;
const LOAD_CORE = 1;
const TARGET = 0.85;
const USER = 'ann';
const LOADS = [
  { viewers: 100, rate: 400 },
  { viewers: 100, rate: 1_200 },
  { viewers: 1_000, rate: 40 },
];
/** One in so many frames is looked into. */
const SAMPLED = 10;

/** @typedef {import('./live/server.mjs').Reading} Reading */
/** @typedef {{ cpuUs: number, p50Ms: number, p99Ms: number }} Figures cpuUs: of one delivery */
/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {number} port
 * @property {(command: string) => Promise<Reading>} ask
 * @property {(user: string) => string} path of a viewer's connection
 * @property {string} marker what a frame of an event has in it, and no other
 * @property {(text: Buffer, send: (text: string) => void) => boolean} answer what a client has to; true once it is ready
 * @property {(frame: object) => void} publish
 */

/** A frame with one event, of the size that they have. @param {number} seq */
const frame = (seq) => ({
  type: 'events',
  user_id: USER,
  events: [
    {
      type: 'checkpoint_end',
      flow_id: '01JDZ3V7Q8G0T4RRXC1X7D5EYS',
      seq,
      ts: nowMs(),
      node_id: 3,
      parent_id: 2,
      checkpoint: 'llm_thinking',
      started_ts: 1_764_050_000_123.457,
      status: 'ok',
      duration_ms: 812.25,
      attributes: {
        'gen_ai.request.model': 'sim-1',
        'gen_ai.usage.input_tokens': 40,
        'gen_ai.usage.output_tokens': 812,
      },
    },
  ],
});

const TS = Buffer.from('"ts":');

/** @param {Subject} subject @param {{ viewers: number, rate: number }} load @param {number} seconds @returns {Promise<Figures>} */
async function runRound(subject, { viewers, rate }, seconds) {
  let ready = 0;
  let delivered = 0;
  /** @type {number[]} */
  const latencies = [];
  const marker = Buffer.from(subject.marker);
  const open = [];
  for (let i = 0; i < viewers; i++) {
    let isReady = false;
    open.push(
      await openViewer(subject.port, subject.path(USER), (text, send) => {
        if (text.indexOf(marker) !== -1) {
          if (delivered++ % SAMPLED !== 0) return;
          const at = text.indexOf(TS) + TS.length;
          latencies.push(nowMs() - Number.parseFloat(text.toString('latin1', at, at + 20)));
        } else if (!isReady && subject.answer(text, send)) {
          isReady = true;
          ready += 1;
        }
      }),
    );
  }
  while (ready < viewers) await delay(5);
  // Second looks and what else follows a connection.
  await delay(1_200);
  const before = await subject.ask('read');
  const count = rate * seconds;
  const startedMs = performance.now();
  for (let i = 0; i < count; i++) {
    const waitMs = startedMs + (i * 1000) / rate - performance.now();
    if (waitMs > 0) await delay(waitMs);
    subject.publish(frame(i));
  }
  const deadline = performance.now() + 10_000;
  while (delivered < count * viewers && performance.now() < deadline) await delay(5);
  const after = await subject.ask('read');
  for (const { close } of open) close();
  if (delivered !== count * viewers) {
    throw new Error(`${subject.name}: ${delivered} of ${count * viewers} frames came`);
  }
  latencies.sort((a, b) => a - b);
  return {
    cpuUs: (after.cpuUs - before.cpuUs) / delivered,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

/** @param {string} redisUrl @param {string} databaseUrl */
async function startSubjects(redisUrl, databaseUrl) {
  const script = path.join(import.meta.dirname, 'live/server.mjs');
  const ours = await startChild(script, ['bridge', redisUrl, databaseUrl], { core: SERVER_CORE });
  const theirs = await startChild(script, ['socket.io', redisUrl], { core: SERVER_CORE });
  const redis = new Redis(redisUrl);
  const emitterRedis = redis.duplicate();
  const emitterSubscriber = redis.duplicate();
  // Of no clients: what an application emits here goes to the viewers of the other process, by Redis.
  const emitter = new Server({ adapter: createAdapter(emitterRedis, emitterSubscriber) });
  const keys = redisKeys('bench-live');
  /** @type {Subject[]} */
  const subjects = [
    {
      name: 'bridge',
      port: ours.first.port,
      ask: ours.ask,
      path: (user) => `/ws/flows/${user}`,
      marker: '"events":[',
      answer: (text) => text.indexOf('"type":"snapshot"') !== -1,
      publish: (value) => void redis.publish(keys.live(USER), JSON.stringify(value)),
    },
    {
      name: 'socket.io',
      port: theirs.first.port,
      ask: theirs.ask,
      path: (user) => `/socket.io/?EIO=4&transport=websocket&user=${user}`,
      marker: '42["events",',
      answer(text, send) {
        const [type, kind] = text.toString('latin1', 0, 2);
        if (type === '0') send('40');
        if (type === '2') send('3');
        return type === '4' && kind === '0';
      },
      publish: (value) => void emitter.to(USER).emit('events', value),
    },
  ];
  return {
    subjects,
    async stop() {
      await ours.stop();
      await theirs.stop();
      for (const client of [redis, emitterRedis, emitterSubscriber]) client.disconnect();
    },
  };
}

/**
 * @param {import('./live/servers.mjs').Servers & { quick: boolean }} options
 * @returns {Promise<string>} a report
 */
export async function run({ redisUrl, redisPid, databaseUrl, quick }) {
  const rounds = quick ? 2 : 5;
  const seconds = quick ? 1 : 3;
  pin(process.pid, LOAD_CORE);
  if (redisPid !== undefined) pin(redisPid, LOAD_CORE);
  const { subjects, stop } = await startSubjects(redisUrl, databaseUrl);
  const lines = [
    `A frame to every viewer of its user; Node ${process.version}; medians of ${rounds} rounds of ${seconds} s; ` +
      (canPin ? 'server and load on a core each' : 'server and load share all cores, which blurs the figures'),
  ];
  try {
    for (const load of LOADS) {
      /** @type {Map<string, Figures[]>} */
      const figures = new Map(subjects.map(({ name }) => [name, []]));
      for (let round = 0; round <= rounds; round++) {
        process.stderr.write(
          `fan-out, ${load.viewers} viewers: round ${round} of ${rounds}${round === 0 ? ' (warming up)' : ''}\n`,
        );
        for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse()) {
          const measured = await runRound(subject, load, seconds);
          if (round > 0) figures.get(subject.name)?.push(measured);
        }
      }
      const of = (/** @type {string} */ name) => figures.get(name) ?? [];
      const ratio = median(of('bridge').map(({ cpuUs }, i) => cpuUs / (of('socket.io')[i]?.cpuUs ?? Number.NaN)));
      lines.push(`${load.viewers} viewers, ${load.rate} frames/s`);
      for (const { name } of subjects) {
        const mid = (/** @type {(figures: Figures) => number} */ pick) => median(of(name).map(pick));
        lines.push(
          `  ${name.padEnd(10)} CPU µs a delivery ${mid((f) => f.cpuUs)
            .toFixed(2)
            .padStart(6)}   ` + `p50 ${mid((f) => f.p50Ms).toFixed(2)} ms   p99 ${mid((f) => f.p99Ms).toFixed(2)} ms`,
        );
      }
      lines.push(
        `  CPU of socket.io's ${ratio.toFixed(2)}   (target ≤ ${TARGET}: ${ratio <= TARGET ? 'met' : 'missed'})`,
      );
    }
  } finally {
    await stop();
  }
  return lines.join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAlone(HELP, run);
