import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { median } from '../median.mjs';
import { startBridgeProcess } from './bridge-process.mjs';
import { CHECKPOINTS_PER_FLOW, EVENTS_PER_FLOW, fillStreams } from './flows.mjs';

const { Client } = createRequire(path.join(repoRoot, 'bridge/package.json'))('pg');

const PARTITIONS = 4;
const TARGET = 60_000;
const SAMPLE_MS = 100;

/**
 * How fast a bridge moves a full stream into Postgres, with all indexes and the roll-up, and what it needs for it.
 *
 * @param {{ redisUrl: string, databaseUrl: string, isQuick: boolean }} options
 * @returns {Promise<string>} a report
 */
export async function benchIngest({ redisUrl, databaseUrl, isQuick }) {
  const rounds = isQuick ? 1 : 5;
  const flows = isQuick ? 8_000 : 60_000;
  const redis = new Redis(redisUrl);
  /** @type {Awaited<ReturnType<typeof runRound>>[]} */
  const results = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      process.stderr.write(`ingest: round ${round} of ${rounds}${round === 0 ? ' (warming up)' : ''}\n`);
      const result = await runRound({ redis, redisUrl, databaseUrl, flows: round === 0 ? 2_000 : flows, round });
      if (round > 0) results.push(result);
    }
  } finally {
    redis.disconnect();
  }
  const rate = median(results.map((result) => result.rate));
  const of = (/** @type {(result: typeof results[number]) => number} */ read) => median(results.map(read));
  return [
    `Stream → Postgres: ${flows * EVENTS_PER_FLOW} events of ${flows} flows a round, medians of ${rounds} rounds`,
    `  events/s                  ${rate.toFixed(0)}   (target ≥ ${TARGET}: ${rate >= TARGET ? 'met' : 'missed'})`,
    `  rows/s                    ${((rate / EVENTS_PER_FLOW) * (CHECKPOINTS_PER_FLOW + 1)).toFixed(0)}`,
    `  bridge CPU, µs an event   ${of((result) => result.cpuUs).toFixed(1)}`,
    `  bridge memory, MB         ${of((result) => result.firstMb).toFixed(0)} in the first tenth, ${of((result) => result.lastMb).toFixed(0)} in the last, ${of((result) => result.maxMb).toFixed(0)} at most`,
    `  rows and roll-up equal the events exactly in each round`,
  ].join('\n');
}

/** @param {{ redis: Redis, redisUrl: string, databaseUrl: string, flows: number, round: number }} options */
async function runRound({ redis, redisUrl, databaseUrl, flows, round }) {
  const prefix = `bench${round}`;
  const keys = redisKeys(prefix);
  const events = flows * EVENTS_PER_FLOW;
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('DROP SCHEMA IF EXISTS flow CASCADE');
  await fillStreams(redis, { prefix, partitions: PARTITIONS, flows });
  const bridge = await startBridgeProcess({ redisUrl, databaseUrl, prefix, partitions: PARTITIONS });
  try {
    const startedAt = performance.now();
    const first = await bridge.metrics();
    const before = first.get('flow_bridge_history_events_written_total') ?? 0;
    const memory = [];
    const lengths = () => Promise.all(Array.from({ length: PARTITIONS }, (_, p) => redis.xlen(keys.stream(p))));
    while ((await lengths()).some((length) => length > 0)) {
      memory.push(((await bridge.metrics()).get('process_resident_memory_bytes') ?? 0) / 1e6);
      await delay(SAMPLE_MS);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const cpu =
      ((await bridge.metrics()).get('process_cpu_seconds_total') ?? 0) - (first.get('process_cpu_seconds_total') ?? 0);
    await checkRows(client, flows);
    const tenth = Math.max(1, Math.floor(memory.length / 10));
    return {
      rate: (events - before) / seconds,
      cpuUs: (cpu * 1e6) / (events - before),
      firstMb: median(memory.slice(0, tenth)),
      lastMb: median(memory.slice(-tenth)),
      maxMb: Math.max(...memory),
    };
  } finally {
    await bridge.stop();
    await redis.del(...(await redis.keys(`${prefix}:*`)));
    await client.end();
  }
}

/** @param {any} client @param {number} flows */
async function checkRows(client, flows) {
  const { rows } = await client.query(`SELECT
    (SELECT count(*)::int FROM flow.flows WHERE status = 'ok' AND checkpoint_count = ${CHECKPOINTS_PER_FLOW}) AS flows,
    (SELECT count(*)::int FROM flow.checkpoints WHERE status <> 'running') AS checkpoints,
    (SELECT array_agg(n::int) FROM (SELECT sum(count) AS n FROM flow.checkpoint_stats GROUP BY slot_s) AS s) AS stats`);
  const nodes = flows * CHECKPOINTS_PER_FLOW;
  const expected = JSON.stringify({ flows, checkpoints: nodes, stats: [nodes, nodes, nodes] });
  const got = JSON.stringify(rows[0]);
  if (got !== expected) throw new Error(`Rows differ from what was recorded: expected ${expected}, got ${got}`);
}
