import { EVENTS_FIELD, redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { startBridgeProcess } from './bridge-process.mjs';
import { chatBlocks, CHECKPOINTS_PER_FLOW, EVENTS_PER_FLOW } from './flows.mjs';

const { Client } = createRequire(path.join(repoRoot, 'bridge/package.json'))('pg');

const EVENTS_PER_SECOND = 1_000;
const PARTITIONS = 4;
const LEAD_SECONDS = 10;
const PREFIX = 'outage';

/**
 * Kills Postgres for ten minutes under 1,000 events a second, and looks whether anything is lost, how long the bridge takes
 * to catch up, and what memory it needs meanwhile.
 *
 * @param {{ redisUrl: string, dir: string, isQuick: boolean }} options `dir`: for the database
 * @returns {Promise<string>} a report
 */
export async function benchOutage({ redisUrl, dir, isQuick }) {
  const outageSeconds = isQuick ? 15 : 600;
  const keys = redisKeys(PREFIX);
  const redis = new Redis(redisUrl);
  const server = { dir: path.join(dir, 'outage-postgres'), password: makePassword() };
  let postgres = await startPostgres(server);
  const bridge = await startBridgeProcess({ redisUrl, databaseUrl: postgres.url, prefix: PREFIX, quiet: true });
  const megabytes = async () => ((await bridge.metrics()).get('process_resident_memory_bytes') ?? 0) / 1e6;
  const waiting = async () => {
    const lengths = await Promise.all(Array.from({ length: PARTITIONS }, (_, p) => redis.xlen(keys.stream(p))));
    return lengths.reduce((sum, length) => sum + length, 0);
  };
  try {
    const flows = Math.ceil(((outageSeconds + 2 * LEAD_SECONDS) * EVENTS_PER_SECOND) / EVENTS_PER_FLOW);
    const adding = addEvenly(redis, keys, flows);
    await delay(LEAD_SECONDS * 1000);
    const before = await megabytes();
    await postgres.group.stop(0);
    const memory = [];
    for (let second = 0; second < outageSeconds; second += 5) {
      await delay(Math.min(5, outageSeconds - second) * 1000);
      memory.push(await megabytes());
      process.stderr.write(`\routage: ${second + 5} of ${outageSeconds} s, bridge ${memory.at(-1)?.toFixed(0)} MB `);
    }
    process.stderr.write('\n');
    const backlog = await waiting();
    postgres = await startPostgres({ ...server, port: postgres.port });
    const backAt = performance.now();
    while ((await waiting()) >= backlog) await delay(20);
    const firstMs = performance.now() - backAt;
    while ((await waiting()) > PARTITIONS * 2) await delay(50);
    const caughtUpMs = performance.now() - backAt;
    const after = await megabytes();
    await adding;
    while ((await waiting()) > 0) await delay(50);

    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query(`SELECT
      (SELECT count(*)::int FROM flow.flows WHERE status = 'ok' AND checkpoint_count = ${CHECKPOINTS_PER_FLOW}) AS flows,
      (SELECT count(*)::int FROM flow.checkpoints) AS checkpoints,
      (SELECT sum(count)::int FROM flow.checkpoint_stats WHERE slot_s = 60) AS counted`);
    await client.end();
    const nodes = flows * CHECKPOINTS_PER_FLOW;
    const expected = JSON.stringify({ flows, checkpoints: nodes, counted: nodes });
    if (JSON.stringify(rows[0]) !== expected) {
      throw new Error(`Lost or doubled: expected ${expected}, got ${JSON.stringify(rows[0])}`);
    }
    return [
      `Postgres killed for ${outageSeconds} s at ${EVENTS_PER_SECOND} events/s`,
      `  events, all of them in history at the end   ${flows * EVENTS_PER_FLOW}`,
      `  first batch after Postgres was back         ${(firstMs / 1000).toFixed(1)} s`,
      `  caught up after                             ${(caughtUpMs / 1000).toFixed(1)} s`,
      `  bridge memory, MB                           ${before.toFixed(0)} before, ${Math.max(...memory).toFixed(0)} at most while it was away, ${after.toFixed(0)} after`,
    ].join('\n');
  } finally {
    await bridge.stop();
    await postgres.stop();
    await redis.del(...(await redis.keys(`${PREFIX}:*`)));
    redis.disconnect();
  }
}

/** @param {Redis} redis @param {import('@flow-tracking/protocol').RedisKeys} keys @param {number} flows */
async function addEvenly(redis, keys, flows) {
  const startedAt = performance.now();
  let events = 0;
  let n = 0;
  for (const block of chatBlocks(flows)) {
    await redis.xadd(keys.stream(n++ % PARTITIONS), '*', EVENTS_FIELD, JSON.stringify(block));
    events += block.length;
    await delay(Math.max(0, startedAt + (events / EVENTS_PER_SECOND) * 1000 - performance.now()));
  }
}
