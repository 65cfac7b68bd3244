#!/usr/bin/env node
// What live flows over HTTP cost beside a WebSocket: how long a checkpoint takes to the viewer, and the bridge's CPU.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { flowTracking } from '@flow-tracking/express';
import { canPin, pin, startChild } from '../child.mjs';
import { median } from '../median.mjs';
import { quantile } from '../quantile.mjs';
import { openPoller } from './live/pollers.mjs';
import { runAlone } from './live/servers.mjs';
import { nowMs, openViewer } from './live/viewers.mjs';

const HELP = `Usage: node bench/bridge/long-poll.mjs [--quick]

Checkpoints of 10 monitored users go through the middleware, Redis and the bridge to 100 viewers, on WebSockets and by long
poll in turn, idle and under load. Prints how long they took, and the bridge's CPU; medians of the rounds. About 100 s; --quick
takes 20.
`;

const SERVER_CORE = 0;
const LOAD_CORE = 1;
const USERS = 10;
const VIEWERS = 100;
/** Checkpoints a second; 0: nothing happens, and only the waiting costs. */
const RATES = [0, 20, 200];
const KINDS = /** @type {const} */ (['WebSocket', 'long poll']);

/** @typedef {import('./live/server.mjs').Reading} Reading */
/** @typedef {{ p50: number, p99: number, cpu: number }} Figures */

/** Records at a steady rate, a user after another. @param {import('@flow-tracking/express').Flow[]} flows @param {number} rate @param {number} seconds */
async function record(flows, rate, seconds) {
  const startedMs = performance.now();
  for (let i = 0; i < rate * seconds; i++) {
    const waitMs = startedMs + (i * 1000) / rate - performance.now();
    if (waitMs > 0) await delay(waitMs);
    flows[i % flows.length]?.checkpoint('tool_call', { 'gen_ai.tool.name': 'search' });
  }
  const leftMs = startedMs + seconds * 1000 - performance.now();
  if (leftMs > 0) await delay(leftMs);
}

/**
 * @param {import('./live/servers.mjs').Servers & { quick: boolean }} options
 * @returns {Promise<string>} a report
 */
export async function run({ redisUrl, redisPid, databaseUrl, quick }) {
  const [seconds, rounds] = quick ? [2, 1] : [5, 3];
  pin(process.pid, LOAD_CORE);
  if (redisPid !== undefined) pin(redisPid, LOAD_CORE);
  const script = path.join(import.meta.dirname, 'live/server.mjs');
  const bridge = await startChild(script, ['bridge', redisUrl, databaseUrl], { core: SERVER_CORE });
  /** @type {{ ask: (command: string) => Promise<Reading> }} */
  const { ask } = bridge;
  const { port } = bridge.first;
  const tracking = flowTracking({ redis: redisUrl, prefix: 'bench-live', service: 'bench' });

  /** @param {typeof KINDS[number]} kind @param {number} rate @returns {Promise<Figures>} */
  const measure = async (kind, rate) => {
    /** @type {number[]} */
    const latencies = [];
    const ready = new Set();
    /** @type {unknown} */
    let failure;
    const viewers = await Promise.all(
      Array.from({ length: VIEWERS }, (_, i) => {
        const onText = (/** @type {Buffer} */ bytes) => {
          const text = bytes.toString('latin1');
          const nowTs = nowMs();
          if (text.includes('"type":"snapshot"')) ready.add(i);
          // A snapshot may hold checkpoints, too: those have no event's type before them.
          for (const match of text.matchAll(/"type":"checkpoint",[^{}]*?"ts":([\d.]+)/g)) {
            latencies.push(nowTs - Number(match[1]));
          }
        };
        const userId = `user-${i % USERS}`;
        return kind === 'WebSocket'
          ? openViewer(port, `/ws/flows/${userId}`, onText)
          : openPoller(port, userId, onText, (error) => (failure ??= error));
      }),
    );
    try {
      while (ready.size < VIEWERS) await delay(5);
      // Past the looks that follow a snapshot.
      await delay(quick ? 500 : 1_500);
      latencies.length = 0;
      const flows = Array.from({ length: USERS }, (_, i) =>
        tracking.startFlow({ name: 'POST /ask/stream', userId: `user-${i}` }),
      );
      const first = await ask('collect');
      await record(flows, rate, seconds);
      const expected = (rate * seconds * VIEWERS) / USERS;
      const deadline = performance.now() + 5_000;
      while (latencies.length < expected && performance.now() < deadline) await delay(5);
      const last = await ask('collect');
      for (const flow of flows) flow.end();
      if (failure !== undefined) throw failure;
      if (latencies.length !== expected)
        throw new Error(`${kind}: ${latencies.length} of ${expected} checkpoints came`);
      const sorted = [...Float64Array.from(latencies).sort()];
      const cpu = (last.cpuUs - first.cpuUs) / seconds / 1e4;
      return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), cpu };
    } finally {
      for (const { close } of viewers) close();
    }
  };

  try {
    const base = `http://127.0.0.1:${port}/api/v1/monitoring/enable`;
    for (let i = 0; i < USERS; i++) {
      const answer = await fetch(`${base}/user-${i}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`enable: ${answer.status} ${await answer.text()}`);
    }
    while (tracking.stats().monitoring.users < USERS) await delay(5);
    process.stderr.write('long poll: warming up\n');
    for (const kind of KINDS) await measure(kind, 200);
    const lines = [
      `Live over HTTP beside a WebSocket: ${VIEWERS} viewers of ${USERS} users, medians of ${rounds} rounds of ${seconds} s; ` +
        (canPin ? 'bridge and load on a core each' : 'bridge and load share all cores, which blurs the figures'),
    ];
    for (const rate of RATES) {
      /** @type {Record<string, Figures[]>} */
      const all = {};
      for (let round = 0; round < rounds; round++) {
        process.stderr.write(`long poll: ${rate} checkpoints/s, round ${round + 1} of ${rounds}\n`);
        const order = round % 2 === 0 ? KINDS : [...KINDS].reverse();
        for (const kind of order) (all[kind] ??= []).push(await measure(kind, rate));
      }
      for (const kind of KINDS) {
        const figures = all[kind] ?? [];
        const of = (/** @type {keyof Figures} */ name, /** @type {number} */ digits) =>
          median(figures.map((figure) => figure[name])).toFixed(digits);
        const times = rate === 0 ? '' : `p50 ${of('p50', 1)} ms, p99 ${of('p99', 1)} ms, `;
        lines.push(
          `  ${String(rate).padStart(3)} checkpoints/s, ${kind.padEnd(9)}  ${times}CPU ${of('cpu', 1)} % of a core`,
        );
      }
    }
    return lines.join('\n');
  } finally {
    await tracking.close();
    await bridge.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAlone(HELP, run);
