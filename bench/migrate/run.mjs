import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { startBridgeProcess } from '../bridge/bridge-process.mjs';
import { fillHistory } from '../bridge/fill-history.mjs';
import { CHECKPOINTS_PER_FLOW } from '../bridge/flows.mjs';
import { prepareTree } from '../compare/trees.mjs';
import { pg } from '../soak/services.mjs';
import { msUntil } from '../soak/attacks/aftermath.mjs';
import { startSteadyLoad } from '../soak/attacks/steady-load.mjs';
import { watchLocks } from './lock-watch.mjs';

const LIMIT_MS = 1_000;
const PREFIX = 'migrate';
const PARTITIONS = 4;
const HOURS = 36;
const USERS = 2_000;
const QUICK_FLOWS = 10_000;
const SETTLE_MS = 60_000;

/** Asks for pages and statistics until it is stopped. @param {string} url */
function startReader(url) {
  let isRunning = true;
  let failed = 0;
  let slowestMs = 0;
  const questions = ['/api/v1/flows?limit=50', '/api/v1/stats/checkpoints', '/api/v1/flows?status=error&limit=50'];
  const loop = (async () => {
    for (let i = 0; isRunning; i++) {
      const startedMs = performance.now();
      const isOk = await fetch(url + questions[i % questions.length], { signal: AbortSignal.timeout(10_000) }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.ok;
        },
        () => false,
      );
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      if (!isOk) failed += 1;
      await delay(20);
    }
  })();
  return {
    async stop() {
      isRunning = false;
      await loop;
      return { failed, slowestMs };
    },
  };
}

/**
 * Runs the migrations that a commit does not have on a filled history, beside that commit's bridge under load, as an upgrade
 * does; then goes back to that commit's bridge.
 *
 * @param {object} options
 * @param {string} options.from the commit of the version before
 * @param {number} options.flows
 * @param {{ url: string }} options.redis
 * @param {string} options.dir for the database
 * @param {string} options.logDir
 * @param {boolean} options.isQuick
 * @returns {Promise<boolean>} whether nobody was shut out for over a second, and nothing was lost
 */
export async function benchMigrate({ from, flows, redis: redisServer, dir, logDir, isQuick }) {
  const size = isQuick ? Math.min(flows, QUICK_FLOWS) : flows;
  const seconds = isQuick ? 5 : 20;
  const tree = await prepareTree(from, { logDir });
  const redis = new Redis(redisServer.url);
  const keys = redisKeys(PREFIX);
  /** @type {{ stop: () => Promise<unknown> }[]} */
  const started = [];
  try {
    const postgres = await startPostgres({ dir: path.join(dir, 'migrate-postgres'), password: makePassword() });
    started.push(postgres);
    const common = { redisUrl: redisServer.url, databaseUrl: postgres.url, prefix: PREFIX, partitions: PARTITIONS };
    const before = { ...common, root: tree.root, logFile: path.join(logDir, 'migrate-before.log') };
    const now = { ...common, logFile: path.join(logDir, 'migrate-now.log') };
    const old = await startBridgeProcess(before);
    started.push(old);
    const client = new pg.Client({ connectionString: postgres.url });
    client.on('error', () => undefined);
    await client.connect();
    started.push({ stop: () => client.end() });
    await fillHistory(client, {
      flows: size,
      users: USERS,
      hours: HOURS,
      say: (text) => process.stderr.write(`migrate: ${text}\n`),
    });
    await client.query('RESET ALL');

    process.stderr.write('migrate: the bridge before, under load\n');
    const load = startSteadyLoad(redis, keys, PARTITIONS);
    const reader = startReader(old.url);
    started.push(load, reader);
    await delay(seconds * 500);
    const watch = await watchLocks(postgres.url);
    started.push(watch);
    process.stderr.write('migrate: the new bridge starts beside it and migrates\n');
    const startedMs = performance.now();
    const fresh = await startBridgeProcess(now);
    started.push(fresh);
    const upMs = performance.now() - startedMs;
    // Both run on the new schema, and what the new one builds after its start is built.
    await delay(seconds * 1_000);
    const longest = await watch.stop();
    const read = await reader.stop();
    await fresh.stop();
    await old.stop();
    process.stderr.write('migrate: back to the bridge before, on the new schema\n');
    started.push(await startBridgeProcess(before));
    await delay(seconds * 500);
    await load.stop();
    const settledMs = await msUntil(async () => {
      const lengths = await Promise.all(Array.from({ length: PARTITIONS }, (_, p) => redis.xlen(keys.stream(p))));
      return lengths.every((length) => length === 0);
    }, SETTLE_MS);
    const { rows } = await client.query(
      `SELECT (SELECT count(*)::int FROM flow.flows
          WHERE flow_id = ANY ($1) AND status = 'ok' AND checkpoint_count = ${CHECKPOINTS_PER_FLOW}) AS whole,
        (SELECT array_agg(version || ' ' || name ORDER BY version) FROM flow.schema_migrations) AS applied`,
      [load.acknowledged],
    );
    const { whole, applied } = /** @type {{ whole: number, applied: string[] }} */ (rows[0]);
    const had = readdirSync(path.join(tree.root, 'migrations')).filter((name) => name.endsWith('.sql')).length;
    const lockMs = longest.lock?.ms ?? 0;
    const worstMs = Math.max(lockMs, longest.readMs, longest.writeMs, read.slowestMs);
    const lost = load.acknowledged.length - whole;
    const isMet = worstMs <= LIMIT_MS && lost === 0 && read.failed === 0 && settledMs !== undefined;
    console.log(
      [
        `Migrations beside the bridge of ${from}: ${size} flows in history; run: ${applied.slice(had).join(', ') || 'none, it has them all'}`,
        `  the new bridge is up after                  ${(upMs / 1000).toFixed(1)} s`,
        `  longest lock that shuts others out, ms      ${lockMs.toFixed(0)}${longest.lock === undefined ? '' : ` (${longest.lock.mode} on ${longest.lock.table})`}, of ${longest.samples} looks`,
        `  longest read of a row, write of a row, ms   ${longest.readMs.toFixed(0)}, ${longest.writeMs.toFixed(0)}`,
        `  answers that failed, slowest answer         ${read.failed}, ${read.slowestMs.toFixed(0)} ms`,
        `  flows recorded throughout, lost             ${load.acknowledged.length}, ${lost}`,
        `  (target: nobody waits for over ${LIMIT_MS} ms, nothing is lost, the bridge before works on: ${isMet ? 'met' : 'missed'})`,
      ].join('\n'),
    );
    return isMet;
  } finally {
    for (const service of started.reverse()) await service.stop().catch(() => undefined);
    redis.disconnect();
    tree.remove();
  }
}
