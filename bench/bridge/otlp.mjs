import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { median } from '../median.mjs';
import { processorTimeUs } from '../processor-time.mjs';
import { startBridgeProcess } from './bridge-process.mjs';
import { spanBodies, SPANS_PER_TRACE } from './span-bodies.mjs';

const { Client } = createRequire(path.join(repoRoot, 'bridge/package.json'))('pg');

const PARTITIONS = 4;
const TARGET = 20_000;
/** Requests under way at once: as many exporters. */
const SENDERS = 8;
const LOOK_MS = 20;
/** What a bridge takes in before it is measured: it runs for weeks, and its first seconds compile it. */
const WARM_UP_TRACES = 4_000;

/** @typedef {{ name: string, bridges: number, rootsLast: boolean }} Case */

/** @type {readonly Case[]} */
const CASES = [
  { name: 'whole traces, one bridge', bridges: 1, rootsLast: false },
  { name: 'whole traces, two bridges', bridges: 2, rootsLast: false },
  { name: 'roots later than their children, so that history is asked, one bridge', bridges: 1, rootsLast: true },
];

/**
 * How many spans of OpenTelemetry a second get from an exporter into Postgres, with all indexes and the roll-up.
 *
 * @param {{ redis: { url: string, pid: number }, dir: string, isQuick: boolean }} options `dir`: for the database
 * @returns {Promise<string>} a report
 */
export async function benchOtlp({ redis, dir, isQuick }) {
  const postgres = await startPostgres({ dir: path.join(dir, 'otlp-postgres'), password: makePassword() });
  const rounds = isQuick ? 1 : 5;
  const traces = isQuick ? 4_000 : 20_000;
  const lines = [
    `Spans → Postgres: ${traces * SPANS_PER_TRACE} spans of ${traces} traces a round, medians of ${rounds}`,
  ];
  try {
    for (const { name, bridges, rootsLast } of CASES) {
      const warmUp = spanBodies(WARM_UP_TRACES, rootsLast);
      const bodies = spanBodies(traces, rootsLast);
      const megabytes = bodies.reduce((sum, body) => sum + body.length, 0) / 1e6;
      /** @type {Awaited<ReturnType<typeof runRound>>[]} */
      const results = [];
      for (let round = 0; round <= rounds; round++) {
        process.stderr.write(`otlp, ${name}: round ${round} of ${rounds}${round === 0 ? ' (warming up)' : ''}\n`);
        const result = await runRound({ redis, databaseUrl: postgres.url, bridges, warmUp, bodies, traces });
        if (round > 0) results.push(result);
      }
      const of = (/** @type {(result: typeof results[number]) => number} */ read) => median(results.map(read));
      const rates = results.map(({ rate }) => rate);
      const rate = median(rates);
      lines.push(
        `  ${name}:`,
        `    spans/s into Postgres       ${rate.toFixed(0)} (${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)})   (target ≥ ${TARGET}: ${rate >= TARGET ? 'met' : 'missed'})`,
        `    spans/s acknowledged        ${of((result) => result.takenRate).toFixed(0)}`,
        `    requests, p50 and p99, ms   ${of((result) => result.p50).toFixed(0)}, ${of((result) => result.p99).toFixed(0)}`,
        `    CPU µs a span               bridges ${of((result) => result.bridgeUs).toFixed(1)}, Redis ${of((result) => result.redisUs).toFixed(1)}`,
        `    Redis, bytes a span         ${of((result) => result.redisBytes).toFixed(0)} for ${((megabytes * 1e6) / (traces * SPANS_PER_TRACE)).toFixed(0)} sent`,
      );
    }
  } finally {
    await postgres.stop();
  }
  return [...lines, '  rows and roll-up equal the spans exactly in each round'].join('\n');
}

/**
 * @param {{ redis: { url: string, pid: number }, databaseUrl: string, bridges: number, warmUp: Buffer[], bodies: Buffer[], traces: number }} options
 */
async function runRound({ redis, databaseUrl, bridges: count, warmUp, bodies, traces }) {
  const prefix = 'benchotlp';
  const keys = redisKeys(prefix);
  const spans = traces * SPANS_PER_TRACE;
  const commands = new Redis(redis.url);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS flow CASCADE');
  /** @type {import('./bridge-process.mjs').BridgeProcess[]} */
  const bridges = [];
  const cpuOf = () => bridges.reduce((sum, { pid }) => sum + processorTimeUs(pid), 0);
  const usedBytes = async () => Number(/used_memory:(\d+)/.exec(await commands.info('memory'))?.[1]);
  const lengths = () => Promise.all(Array.from({ length: PARTITIONS }, (_, p) => commands.xlen(keys.stream(p))));
  const untilStored = async () => {
    while ((await lengths()).some((length) => length > 0)) await delay(LOOK_MS);
  };
  try {
    while (bridges.length < count) {
      bridges.push(await startBridgeProcess({ redisUrl: redis.url, databaseUrl, prefix, partitions: PARTITIONS }));
    }
    const urls = bridges.map(({ url }) => url);
    await sendAll(urls, warmUp);
    await untilStored();
    const bytes = await usedBytes();
    const cpu = [cpuOf(), processorTimeUs(redis.pid)];
    const startedAt = performance.now();
    const tookMs = await sendAll(urls, bodies);
    const takenMs = performance.now() - startedAt;
    await untilStored();
    const allMs = performance.now() - startedAt;
    const [bridgeUs = 0, redisUs = 0] = [cpuOf(), processorTimeUs(redis.pid)].map(
      (us, i) => (us - (cpu[i] ?? 0)) / spans,
    );
    const redisBytes = ((await usedBytes()) - bytes) / spans;
    await checkRows(client, WARM_UP_TRACES + traces);
    tookMs.sort((a, b) => a - b);
    const at = (/** @type {number} */ part) => tookMs[Math.ceil(part * tookMs.length) - 1] ?? NaN;
    return {
      rate: (spans / allMs) * 1e3,
      takenRate: (spans / takenMs) * 1e3,
      p50: at(0.5),
      p99: at(0.99),
      bridgeUs,
      redisUs,
      redisBytes,
    };
  } finally {
    for (const bridge of bridges) await bridge.stop();
    for (let from = '0'; ;) {
      const [next, names] = await commands.scan(from, 'MATCH', `${prefix}:*`, 'COUNT', 1_000);
      if (names.length > 0) await commands.unlink(...names);
      if (next === '0') break;
      from = next;
    }
    commands.disconnect();
    await client.end();
  }
}

/**
 * Sends all bodies, some at a time, and resolves with what each took, ms.
 *
 * @param {string[]} urls of the bridges that share them
 * @param {Buffer[]} bodies
 */
async function sendAll(urls, bodies) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: SENDERS });
  const headers = { 'Content-Type': 'application/x-protobuf' };
  /** @type {number[]} */
  const tookMs = [];
  let next = 0;
  const post = (/** @type {string} */ url, /** @type {Buffer} */ body) =>
    new Promise((resolve, reject) => {
      const options = { method: 'POST', agent, headers: { ...headers, 'Content-Length': body.length } };
      const request = http.request(`${url}/v1/traces`, options, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      });
      request.on('error', reject);
      request.end(body);
    });
  const sender = async (/** @type {number} */ index) => {
    const url = urls[index % urls.length] ?? '';
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const sentAt = performance.now();
      const status = await post(url, body);
      if (status !== 200) throw new Error(`A request was answered with ${String(status)}`);
      tookMs.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, (_, index) => sender(index)));
  agent.destroy();
  return tookMs;
}

/** @param {any} client @param {number} traces */
async function checkRows(client, traces) {
  const { rows } = await client.query(`SELECT
    (SELECT count(*)::int FROM flow.flows WHERE status = 'ok' AND checkpoint_count = ${SPANS_PER_TRACE}) AS flows,
    (SELECT count(*)::int FROM flow.checkpoints WHERE end_seq IS NOT NULL) AS checkpoints,
    (SELECT array_agg(n::int) FROM (SELECT sum(count) AS n FROM flow.checkpoint_stats GROUP BY slot_s) AS s) AS stats`);
  const nodes = traces * SPANS_PER_TRACE;
  const expected = JSON.stringify({ flows: traces, checkpoints: nodes, stats: [nodes, nodes, nodes] });
  const got = JSON.stringify(rows[0]);
  if (got !== expected) throw new Error(`Rows differ from what was sent: expected ${expected}, got ${got}`);
}
