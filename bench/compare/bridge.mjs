import { EVENTS_FIELD, redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { startBridgeProcess } from '../bridge/bridge-process.mjs';
import { chatBlocks, EVENTS_PER_FLOW } from '../bridge/flows.mjs';
import { nowMs, openViewer } from '../bridge/live/viewers.mjs';
import { quantile } from '../quantile.mjs';
import { pin } from '../child.mjs';
import { processorTimeUs } from '../processor-time.mjs';
import { inTurn, pairsOf } from './in-turn.mjs';

/** @type {typeof import('pg')} */
const { Client } = createRequire(path.join(repoRoot, 'bridge/package.json'))('pg');

const PARTITIONS = 4;
const FLOWS = 1_500;
const VIEWERS = 100;
const FRAMES_PER_SECOND = 400;
const FRAMES = 120;
const USER = 'ann';
const SETTLED_MS = 1_500;
const POLL_MS = 2;
/** What is written or comes no more by then is lost. */
const GIVE_UP_MS = 60_000;
/** One in so many frames is looked into. */
const SAMPLED = 5;

/** @typedef {{ perSecond: number, cpuUs: number }} Ingest cpuUs: of one event */
/** @typedef {{ p50Ms: number, cpuUs: number }} FanOut cpuUs: of one delivery */

/** @param {string} databaseUrl @param {string} name @returns {Promise<string>} the URL of a new database */
async function createDatabase(databaseUrl, name) {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * Fills the streams while the bridge is held, and lets it go.
 *
 * @param {{ pid: number, keys: import('@flow-tracking/protocol').RedisKeys }} bridge
 * @param {Redis} redis
 * @param {readonly string[]} blocks
 * @returns {Promise<Ingest>}
 */
async function ingest({ pid, keys }, redis, blocks) {
  process.kill(pid, 'SIGSTOP');
  try {
    const filling = redis.pipeline();
    blocks.forEach((block, i) => filling.xadd(keys.stream(i % PARTITIONS), '*', EVENTS_FIELD, block));
    for (const [error] of (await filling.exec()) ?? []) if (error) throw error;
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const startedMs = performance.now();
  const startedUs = processorTimeUs(pid);
  const waiting = async () => {
    const lengths = await Promise.all(Array.from({ length: PARTITIONS }, (_, p) => redis.xlen(keys.stream(p))));
    return lengths.some((length) => length > 0);
  };
  while (await waiting()) {
    if (performance.now() - startedMs > GIVE_UP_MS) throw new Error('a stream was not written to its end');
    await delay(POLL_MS);
  }
  const events = FLOWS * EVENTS_PER_FLOW;
  return {
    perSecond: (events / (performance.now() - startedMs)) * 1000,
    cpuUs: (processorTimeUs(pid) - startedUs) / events,
  };
}

const EVENTS_FRAME = Buffer.from('"events":[');
const TS = Buffer.from('"ts":');

/** Viewers of one user. @param {number} port */
async function openViewers(port) {
  /** Viewers that have their first snapshot: there may be more. @type {Set<number>} */
  const ready = new Set();
  let delivered = 0;
  /** @type {number[]} */
  let latencies = [];
  /** @type {import('../bridge/live/viewers.mjs').Viewer[]} */
  const open = [];
  for (let i = 0; i < VIEWERS; i++) {
    const onText = (/** @type {Buffer} */ text) => {
      if (text.indexOf(EVENTS_FRAME) === -1) {
        if (text.indexOf('"type":"snapshot"') !== -1) ready.add(i);
        return;
      }
      if (delivered++ % SAMPLED !== 0) return;
      const at = text.indexOf(TS) + TS.length;
      latencies.push(nowMs() - Number.parseFloat(text.toString('latin1', at, at + 20)));
    };
    open.push(await openViewer(port, `/ws/flows/${USER}`, onText));
  }
  const startedMs = performance.now();
  while (ready.size < VIEWERS) {
    if (performance.now() - startedMs > GIVE_UP_MS)
      throw new Error(`${ready.size} of ${VIEWERS} viewers have a snapshot`);
    await delay(5);
  }
  return {
    delivered: () => delivered,
    begin() {
      delivered = 0;
      latencies = [];
    },
    p50Ms: () =>
      quantile(
        [...latencies].sort((a, b) => a - b),
        0.5,
      ),
    close() {
      for (const { close } of open) close();
    },
  };
}

const frame = (/** @type {number} */ seq) =>
  `{"type":"events","user_id":"${USER}","events":[{"type":"checkpoint","flow_id":"01JDZ3V7Q8G0T4RRXC1X7D5EYS",` +
  `"seq":${seq},"ts":${nowMs()},"node_id":${seq},"parent_id":2,"checkpoint":"llm_thinking","status":"ok",` +
  `"duration_ms":812.25,"attributes":{"gen_ai.request.model":"sim-1","gen_ai.usage.output_tokens":812}}]}`;

/**
 * @param {{ pid: number, keys: import('@flow-tracking/protocol').RedisKeys, viewers: Awaited<ReturnType<typeof openViewers>> }} bridge
 * @param {Redis} redis
 * @returns {Promise<FanOut>}
 */
async function fanOut({ pid, keys, viewers }, redis) {
  viewers.begin();
  const startedUs = processorTimeUs(pid);
  const startedMs = performance.now();
  for (let i = 0; i < FRAMES; i++) {
    const waitMs = startedMs + (i * 1000) / FRAMES_PER_SECOND - performance.now();
    if (waitMs > 0) await delay(waitMs);
    void redis.publish(keys.live(USER), frame(i));
  }
  const deliveries = FRAMES * VIEWERS;
  while (viewers.delivered() < deliveries) {
    if (performance.now() - startedMs > GIVE_UP_MS) {
      throw new Error(`${viewers.delivered()} of ${deliveries} frames came`);
    }
    await delay(POLL_MS);
  }
  return { p50Ms: viewers.p50Ms(), cpuUs: (processorTimeUs(pid) - startedUs) / deliveries };
}

/**
 * One round of fresh bridges, each with a database and streams of its own.
 *
 * @param {object} options
 * @param {{ before: string, now: string }} options.roots of the trees
 * @param {string} options.redisUrl
 * @param {string} options.databaseUrl of a server where databases may be made
 * @param {number} options.slices of each bridge
 * @param {number} options.core that the bridges run on
 * @returns {Promise<Record<string, import('./ratios.mjs').Pair[]>>} by what was measured
 */
export async function compareBridge({ roots, redisUrl, databaseUrl, slices, core }) {
  const redis = new Redis(redisUrl);
  /** @type {(import('../bridge/bridge-process.mjs').BridgeProcess & { keys: import('@flow-tracking/protocol').RedisKeys })[]} */
  const bridges = [];
  /** @type {(typeof bridges[0] & { viewers: Awaited<ReturnType<typeof openViewers>> })[]} */
  const watched = [];
  try {
    for (const [age, root] of Object.entries(roots)) {
      const prefix = `compare-${age}`;
      await redis.del(...Array.from({ length: PARTITIONS }, (_, p) => redisKeys(prefix).stream(p)));
      const bridge = await startBridgeProcess({
        root,
        redisUrl,
        databaseUrl: await createDatabase(databaseUrl, `compare_${age}`),
        prefix,
        partitions: PARTITIONS,
      });
      pin(bridge.pid, core);
      bridges.push({ ...bridge, keys: redisKeys(prefix) });
    }
    const measureIngest = (/** @type {typeof bridges[0]} */ bridge) =>
      ingest(
        bridge,
        redis,
        [...chatBlocks(FLOWS)].map((block) => JSON.stringify(block)),
      );
    await inTurn(bridges, 3, measureIngest);
    const ingested = await inTurn(bridges, slices, measureIngest);

    for (const bridge of bridges)
      watched.push({ ...bridge, viewers: await openViewers(Number(new URL(bridge.url).port)) });
    // What follows a connection; of the further looks the first.
    await delay(SETTLED_MS);
    const measureFanOut = (/** @type {typeof watched[0]} */ bridge) => fanOut(bridge, redis);
    await inTurn(watched, 3, measureFanOut);
    const fanned = await inTurn(watched, slices, measureFanOut);

    const [before, now] = /** @type {[Ingest[], Ingest[]]} */ ([...ingested.values()]);
    const [fannedBefore, fannedNow] = /** @type {[FanOut[], FanOut[]]} */ ([...fanned.values()]);
    return {
      'ingest perSecond': pairsOf(before, now, ({ perSecond }) => perSecond),
      'ingest cpuUs': pairsOf(before, now, ({ cpuUs }) => cpuUs),
      'fan-out p50Ms': pairsOf(fannedBefore, fannedNow, ({ p50Ms }) => p50Ms),
      'fan-out cpuUs': pairsOf(fannedBefore, fannedNow, ({ cpuUs }) => cpuUs),
    };
  } finally {
    for (const { viewers } of watched) viewers.close();
    for (const bridge of bridges) await bridge.stop();
    redis.disconnect();
  }
}
