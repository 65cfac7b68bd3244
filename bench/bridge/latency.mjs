#!/usr/bin/env node
// How long a checkpoint takes from the call in an application to a viewer's socket, by the real middleware and bridge.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { flowTracking } from '@flow-tracking/express';
import { canPin, pin, startChild } from '../child.mjs';
import { runAlone } from './live/servers.mjs';
import { quantile } from '../quantile.mjs';
import { nowMs, openViewer } from './live/viewers.mjs';

const HELP = `Usage: node bench/bridge/latency.mjs [--quick]

1,000 checkpoints a second of 10 monitored users, each watched by 10 viewers, go through the middleware, Redis and the bridge,
which writes them to Postgres beside. Prints how long they took to the viewers' sockets, and the bridge's memory. About 40 s;
--quick takes 10.
`;

const SERVER_CORE = 0;
const LOAD_CORE = 1;
const USERS = 10;
const VIEWERS = 100;
const RATE = 1_000;
const TARGET_P50_MS = 8;
const TARGET_P99_MS = 40;
const TARGET_GROWTH = 0.1;
const CHECKPOINTS_PER_FLOW = 50;

/** @typedef {import('./live/server.mjs').Reading} Reading */

/** Records at a steady rate; a flow of each user after another. @param {import('@flow-tracking/express').FlowTracking} tracking @param {number} seconds */
async function record(tracking, seconds) {
  /** @type {{ userId: string, flow: import('@flow-tracking/express').Flow | undefined, count: number }[]} */
  const users = Array.from({ length: USERS }, (_, i) => ({ userId: `user-${i}`, flow: undefined, count: 0 }));
  const startedMs = performance.now();
  const count = RATE * seconds;
  for (let i = 0; i < count; i++) {
    const waitMs = startedMs + (i * 1000) / RATE - performance.now();
    if (waitMs > 0) await delay(waitMs);
    const user = /** @type {typeof users[0]} */ (users[i % USERS]);
    user.flow ??= tracking.startFlow({ name: 'POST /ask/stream', userId: user.userId });
    user.flow.checkpoint('tool_call', { 'gen_ai.tool.name': 'search', 'gen_ai.usage.output_tokens': i });
    user.count += 1;
    if (user.count % CHECKPOINTS_PER_FLOW !== 0) continue;
    user.flow.end();
    user.flow = undefined;
  }
  for (const { flow } of users) flow?.end();
  return count;
}

/**
 * @param {import('./live/servers.mjs').Servers & { quick: boolean }} options
 * @returns {Promise<string>} a report
 */
export async function run({ redisUrl, redisPid, databaseUrl, quick }) {
  const seconds = quick ? 4 : 30;
  pin(process.pid, LOAD_CORE);
  if (redisPid !== undefined) pin(redisPid, LOAD_CORE);
  const script = path.join(import.meta.dirname, 'live/server.mjs');
  const bridge = await startChild(script, ['bridge', redisUrl, databaseUrl], { core: SERVER_CORE });
  /** @type {{ ask: (command: string) => Promise<Reading> }} */
  const { ask } = bridge;
  const tracking = flowTracking({ redis: redisUrl, prefix: 'bench-live', service: 'bench' });
  const viewers = [];
  /** @type {number[]} */
  let latencies = [];
  let ready = 0;
  try {
    const base = `http://127.0.0.1:${bridge.first.port}/api/v1/monitoring/enable`;
    for (let i = 0; i < USERS; i++) {
      const answer = await fetch(`${base}/user-${i}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`enable: ${answer.status} ${await answer.text()}`);
    }
    while (tracking.stats().monitoring.users < USERS) await delay(5);
    for (let i = 0; i < VIEWERS; i++) {
      let isReady = false;
      const onText = (/** @type {Buffer} */ bytes) => {
        const text = bytes.toString('latin1');
        const nowTs = nowMs();
        if (text.startsWith('{"type":"snapshot"')) {
          if (!isReady) ready += 1;
          isReady = true;
        } else if (text.startsWith('{"type":"events"')) {
          for (const match of text.matchAll(/"type":"checkpoint",[^{}]*?"ts":([\d.]+)/g)) {
            latencies.push(nowTs - Number(match[1]));
          }
        }
      };
      viewers.push(await openViewer(bridge.first.port, `/ws/flows/user-${i % USERS}`, onText));
    }
    while (ready < VIEWERS) await delay(5);
    process.stderr.write('latency: warming up\n');
    await record(tracking, quick ? 2 : 10);
    await delay(300);
    latencies = [];
    const first = await ask('collect');
    process.stderr.write(`latency: ${seconds} s\n`);
    const count = await record(tracking, seconds);
    const expected = (count * VIEWERS) / USERS;
    const deadline = performance.now() + 5_000;
    while (latencies.length < expected && performance.now() < deadline) await delay(5);
    const last = await ask('collect');
    if (latencies.length !== expected) {
      throw new Error(`${latencies.length} of ${expected} checkpoints came: ${JSON.stringify(tracking.stats())}`);
    }
    const sorted = [...Float64Array.from(latencies).sort()];
    const [p50, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
    const growth = last.liveBytes / first.liveBytes - 1;
    const verdict = (/** @type {boolean} */ isMet) => (isMet ? 'met' : 'missed');
    const mb = (/** @type {number} */ bytes) => (bytes / 2 ** 20).toFixed(0);
    return [
      `Checkpoint → viewer's socket: ${RATE} checkpoints/s of ${USERS} users, ${VIEWERS} viewers, ${seconds} s; ` +
        (canPin ? 'bridge and load on a core each' : 'bridge and load share all cores, which blurs the figures'),
      `  p50   ${p50.toFixed(1)} ms   (target ≤ ${TARGET_P50_MS}: ${verdict(p50 <= TARGET_P50_MS)})`,
      `  p99   ${p99.toFixed(1)} ms   (target ≤ ${TARGET_P99_MS}: ${verdict(p99 <= TARGET_P99_MS)})`,
      `  bridge CPU   ${((last.cpuUs - first.cpuUs) / seconds / 1e4).toFixed(0)} % of a core, history included`,
      `  bridge memory in use   ${mb(first.liveBytes)} MB after warming up, ${mb(last.liveBytes)} at the end; ` +
        `resident ${mb(first.rssBytes)} and ${mb(last.rssBytes)} ` +
        `(target growth ≤ ${TARGET_GROWTH * 100} %: ${verdict(growth <= TARGET_GROWTH)})`,
      `  all ${expected} deliveries came, each once`,
    ].join('\n');
  } finally {
    for (const { close } of viewers) close();
    await tracking.close();
    await bridge.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAlone(HELP, run);
