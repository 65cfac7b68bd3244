import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { loadSteadily } from '../load.mjs';
import { allFaults } from './faults.mjs';
import { report } from './report.mjs';
import { pg, startServices } from './services.mjs';
import { CHECKPOINTS_PER_FLOW, EVENTS_PER_FLOW, FAULT_EVERY_S, PARTITIONS, PREFIX, RATE, WATCHED } from './size.mjs';
import { openSteadyViewer } from './viewer.mjs';

/** @typedef {import('./services.mjs').Services} Services */
/** @typedef {import('./report.mjs').Megabytes} Megabytes */
/** @typedef {import('./report.mjs').Recovery} Recovery */

const CONNECTIONS = 64;
const RECOVERY_LIMIT_MS = 30_000;
const GRANT_HOURS = 24;

/** @param {Services} services @returns {Promise<Megabytes>} */
async function readMemory({ hosts, bridges }) {
  const megabytes = async (/** @type {import('./services.mjs').Child} */ child) =>
    /** @type {import('../memory.mjs').Memory} */ (await child.ask('collect')).liveBytes / 1e6;
  const ofHosts = await Promise.all(hosts.map(megabytes));
  return {
    hosts: ofHosts.reduce((sum, mb) => sum + mb, 0),
    bridge: await megabytes(/** @type {import('./services.mjs').Child} */ (bridges[0])),
  };
}

/**
 * @param {string} what @param {() => boolean | Promise<boolean>} isSo
 * @returns {Promise<number>} ms until it was so
 */
async function until(what, isSo) {
  const startedMs = performance.now();
  for (;;) {
    // A server that is still coming back refuses some questions.
    if (await Promise.resolve(isSo()).catch(() => false)) return performance.now() - startedMs;
    if (performance.now() - startedMs > RECOVERY_LIMIT_MS)
      throw new Error(`${RECOVERY_LIMIT_MS / 1000} s without: ${what}`);
    await delay(20);
  }
}

/**
 * Half an hour of steady load with a fault every 20 s: what is lost, how soon events flow again, and whether memory grows.
 *
 * @param {{ binary: import('../../scripts/lib/redis-binary.mjs').RedisBinary, dir: string, logDir: string, isQuick: boolean }} options `dir`: for the data
 * @returns {Promise<string>} a report
 * @throws {Error} when anything is lost or doubled, or does not flow again
 */
export async function benchSoak({ binary, dir, logDir, isQuick }) {
  const faultCount = isQuick ? 15 : 90;
  const everyMs = (isQuick ? FAULT_EVERY_S / 2 : FAULT_EVERY_S) * 1000;
  const keys = redisKeys(PREFIX);
  const services = await startServices({ binary, dir, logDir });
  const redis = new Redis(services.redis.url);
  redis.on('error', () => undefined);
  const postgres = new pg.Pool({ connectionString: services.postgres.url, max: 2 });
  postgres.on('error', () => undefined);
  const viewers = services.bridges.map((_, i) => openSteadyViewer(() => services.bridges[i]?.first.port ?? 0));
  try {
    const enable = `http://127.0.0.1:${services.bridges[0]?.first.port}/api/v1/monitoring/enable/${WATCHED}`;
    const answer = await fetch(`${enable}?ttl_hours=${GRANT_HOURS}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`enable: ${answer.status} ${await answer.text()}`);

    const seconds = (faultCount * everyMs) / 1000;
    const loads = Promise.all(
      services.hosts.map(({ first }) => loadSteadily(first.port, { connections: CONNECTIONS, rate: RATE, seconds })),
    );
    // Awaited below; what fails meanwhile would end the process here.
    loads.catch(() => undefined);
    const { recoveries, memory } = await strikeAgainAndAgain({
      services,
      redis,
      postgres,
      viewers,
      faultCount,
      everyMs,
    });
    const done = await loads;

    const requests = done.reduce((sum, load) => sum + load.requests, 0);
    for (const host of services.hosts) {
      const { stats } = /** @type {import('./host.mjs').Reading} */ (await host.ask('flush'));
      const { queue_full: full, closed } = stats.dropped;
      if (full + closed + stats.queued.events > 0) throw new Error(`A host gave up events: ${JSON.stringify(stats)}`);
    }
    await until('streams settled', async () => {
      const lengths = await Promise.all(Array.from({ length: PARTITIONS }, (_, p) => redis.xlen(keys.stream(p))));
      return lengths.every((length) => length === 0);
    });
    await expectAll(requests, redis, postgres);
    const p99Ms = Math.max(...done.map((load) => load.p99Ms));
    return report({ seconds, requests, p99Ms, recoveries, memory });
  } finally {
    for (const viewer of viewers) viewer.close();
    redis.disconnect();
    await postgres.end();
    await services.stop();
  }
}

/**
 * @param {object} options
 * @param {Services} options.services
 * @param {Redis} options.redis
 * @param {import('pg').Pool} options.postgres
 * @param {ReturnType<typeof openSteadyViewer>[]} options.viewers
 * @param {number} options.faultCount
 * @param {number} options.everyMs
 */
async function strikeAgainAndAgain({ services, redis, postgres, viewers, faultCount, everyMs }) {
  /** @type {Recovery[]} */
  const recoveries = [];
  /** @type {Megabytes[]} */
  const memory = [];
  /** @type {import('./faults.mjs').Fault[]} */
  let waiting = [];
  const startedMs = performance.now();
  for (let n = 1; n <= faultCount; n++) {
    await delay(Math.max(0, startedMs + (n - 0.75) * everyMs - performance.now()));
    memory.push(await readMemory(services));
    if (waiting.length === 0) waiting = allFaults(services, { redis, postgres });
    const [fault] = waiting.splice(Math.floor(Math.random() * waiting.length), 1);
    if (fault === undefined) break;
    const { name } = fault;
    process.stderr.write(`soak: ${n} of ${faultCount}, ${name}`);
    await fault.strike();
    const overTs = Date.now();
    const [historyMs, liveMs] = await Promise.all([
      until(`history after ${name}`, async () => {
        const { rows } = await postgres.query('SELECT 1 FROM flow.flows WHERE started_at > $1 LIMIT 1', [
          new Date(overTs),
        ]);
        return rows.length > 0;
      }),
      until(`live frames after ${name}`, () => viewers.every((viewer) => viewer.latestTs() > overTs)),
    ]);
    process.stderr.write(`: history after ${historyMs.toFixed(0)} ms, live after ${liveMs.toFixed(0)} ms\n`);
    recoveries.push({ name, historyMs, liveMs });
  }
  return { recoveries, memory };
}

/** Looks whether history has what was answered, and nothing twice. @param {number} requests @param {Redis} redis @param {import('pg').Pool} postgres */
async function expectAll(requests, redis, postgres) {
  const { rows } = await postgres.query(`SELECT
    (SELECT count(*)::int FROM flow.flows) AS flows,
    (SELECT count(*)::int FROM flow.flows
      WHERE status = 'ok' AND checkpoint_count = ${CHECKPOINTS_PER_FLOW} AND last_seq = ${EVENTS_PER_FLOW - 1}) AS whole,
    (SELECT count(*)::int FROM flow.checkpoints) AS checkpoints,
    (SELECT count(*)::int FROM flow.checkpoints WHERE status = 'ok' AND duration_ms IS NOT NULL) AS ended,
    (SELECT array_agg(DISTINCT n::int) FROM (SELECT sum(count) AS n FROM flow.checkpoint_stats GROUP BY slot_s) AS s) AS counted`);
  const nodes = requests * CHECKPOINTS_PER_FLOW;
  const got = JSON.stringify({ ...rows[0], dead: await redis.xlen(redisKeys(PREFIX).dead) });
  const expected = JSON.stringify({
    flows: requests,
    whole: requests,
    checkpoints: nodes,
    ended: nodes,
    counted: [nodes],
    dead: 0,
  });
  if (got !== expected) throw new Error(`Lost or doubled: expected ${expected}, got ${got}`);
}
