// How long each provisioned alert rule takes Postgres, on a history of a million flows and seven million checkpoints.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { parse } from 'yaml';
import { createLogger } from '../../bridge/dist/platform/logger.js';
import { createPool } from '../../bridge/dist/platform/postgres/pool.js';
import { migrate } from '../../bridge/dist/platform/postgres/migrations.js';
import { provideReader } from '../../scripts/lib/db-reader.mjs';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { quantile } from '../quantile.mjs';
import { fillHistory } from './fill-history.mjs';

/** Over eight days, so that a whole week lies before the last 15 minutes. */
const FULL = { flows: 1_000_000, users: 2_000, hours: 192, repeats: 100 };
const QUICK = { ...FULL, flows: 50_000, repeats: 30 };
const WARM_UP = 5;
const TARGET_MS = 50;
const ROLE = 'flow_reader';

/** Days that are kept by default: each is a partition more to look into. */
const KEPT_DAYS = `SELECT flow.create_day_partitions(current_date - 90, current_date + 7)`;
/** Flows of yesterday that hang, so that there is something to find. */
const HANG = [
  `UPDATE flow.flows SET status = 'running', ended_at = NULL WHERE (flow_day, flow_id) IN (
    SELECT flow_day, flow_id FROM flow.flows WHERE flow_day = current_date - 1 LIMIT 500)`,
  `UPDATE flow.checkpoints AS p SET status = 'running', ended_at = NULL, duration_ms = NULL FROM flow.flows AS f
    WHERE f.status = 'running' AND p.flow_day = f.flow_day AND p.flow_id = f.flow_id AND p.node_id IN (4, 6)`,
];
const BRIDGES = [
  `INSERT INTO flow.bridge_status SELECT 'bridge-' || i, 'm', '1', now(), now(), NULL, 0, 0, NULL, 0, 0, 0, 0, 0, 0
    FROM generate_series(1, 20) AS i`,
  `INSERT INTO flow.losses (at, instance, kind, count) SELECT now() - i * interval '1 minute', 'bridge-1', 'flows_lost', 1
    FROM generate_series(0, 40000) AS i`,
];

/** @returns {{ title: string, sql: string }[]} */
function readRules() {
  const file = path.join(repoRoot, 'provisioning/alerting/flow-tracking.yaml');
  /** @type {{ groups: { rules: { title: string, data: { model: { rawSql: string } }[] }[] }[] }} */
  const { groups } = parse(readFileSync(file, 'utf8'));
  return groups.flatMap(({ rules }) => rules.map(({ title, data }) => ({ title, sql: data[0]?.model.rawSql ?? '' })));
}

/** @param {string} url @param {number} repeats */
async function timeRules(url, repeats) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results = [];
    for (const { title, sql } of readRules()) {
      const times = [];
      let rows = 0;
      for (let i = -WARM_UP; i < repeats; i++) {
        const begin = performance.now();
        // Planned each time, as Grafana asks it.
        rows = (await client.query(sql)).rows.length;
        if (i >= 0) times.push(performance.now() - begin);
      }
      times.sort((a, b) => a - b);
      results.push({ title, rows, p50: quantile(times, 0.5), p95: quantile(times, 0.95) });
    }
    return results;
  } finally {
    await client.end();
  }
}

/**
 * @param {{ dir: string, isQuick: boolean }} options `dir`: for the database
 * @returns {Promise<string>}
 */
export async function benchAlertRules({ dir, isQuick }) {
  const size = isQuick ? QUICK : FULL;
  const say = (/** @type {string} */ text) => void process.stderr.write(`alert rules: ${text}\n`);
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password: makePassword(), fast: false });
  try {
    const pool = createPool(postgres.url, createLogger('silent', 'json'));
    await migrate(pool, path.join(repoRoot, 'migrations'));
    await pool.end();
    const owner = new pg.Client({ connectionString: postgres.url });
    await owner.connect();
    const password = makePassword();
    await provideReader({ databaseUrl: postgres.url, role: ROLE, password });
    await fillHistory(owner, { ...size, say });
    for (const statement of [KEPT_DAYS, ...HANG, ...BRIDGES]) await owner.query(statement);
    await owner.query('VACUUM ANALYZE flow.flows, flow.checkpoints, flow.losses, flow.bridge_status');
    const { rows } = await owner.query('SELECT count(*)::int AS count FROM flow.checkpoints');
    await owner.end();

    const url = new URL(postgres.url);
    url.username = ROLE;
    url.password = password;
    say('rules');
    const results = await timeRules(url.href, size.repeats);
    const lines = results.map(({ title, rows, p50, p95 }) =>
      [
        title.padEnd(28),
        p50.toFixed(1).padStart(8),
        p95.toFixed(1).padStart(8),
        String(rows).padStart(6),
        p95 <= TARGET_MS ? '  met' : '  NOT MET',
      ].join(''),
    );
    return [
      `Alert rules on ${rows[0].count.toLocaleString('en')} checkpoints in ${size.hours} h, ${size.repeats} of each; target: p95 ≤ ${TARGET_MS} ms`,
      `${''.padEnd(28)}  p50 ms  p95 ms  rows`,
      ...lines,
    ].join('\n');
  } finally {
    await postgres.stop();
  }
}
