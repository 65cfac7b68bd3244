#!/usr/bin/env node
// How fast the bridge answers from a full history: a million flows, seven million checkpoints. See --help.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { freePort } from '../../scripts/lib/ports.mjs';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { provideRedisBinary } from '../../scripts/lib/redis-binary.mjs';
import { startRedis } from '../../scripts/lib/redis-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { makeTestDir } from '../../scripts/lib/test-dir.mjs';
import { endWithRunner } from '../child.mjs';
import { quantile } from '../quantile.mjs';
import { fillHistory } from './fill-history.mjs';

const HELP = `Usage: node bench/bridge/history-queries.mjs [--quick]

Starts a Postgres, a Redis and a bridge of its own, fills 36 hours of history with a million flows of 2,000 users and
seven million checkpoints, asks the bridge over HTTP, and prints how long answers take beside the targets. Needs some
5 GB of disk for a few minutes; takes everything away again.

--quick is a twentieth of it, half a minute, and for trying it out.

BENCH_DATABASE_URL  an empty database to fill instead, which is kept
`;

const FULL = { flows: 1_000_000, users: 2_000, hours: 36, repeats: 200, exportHours: 6 };
const QUICK = { flows: 50_000, users: 2_000, hours: 36, repeats: 60, exportHours: 24 };
const DAY_MS = 86_400_000;

/** @typedef {{ what: string, target?: number, url: () => string }} Question */
/** @typedef {{ what: string, target: number | undefined, p50: number, p95: number, bytes: number }} Answer */

/**
 * @param {{ users: number, sessions: string[], flows: string[] }} known
 * @returns {Question[]}
 */
function questions({ users, sessions, flows }) {
  const any = (/** @type {string[]} */ list) => list[Math.floor(Math.random() * list.length)];
  const user = () => `user-${Math.floor(users * Math.random() ** 2)}`;
  const day = () => `from=${Date.now() - DAY_MS}`;
  return [
    { what: 'nothing: the way there and back', url: () => '/healthz' },
    { what: 'last 50 flows', target: 5, url: () => '/api/v1/flows?limit=50' },
    { what: 'last 50 flows of a user', target: 5, url: () => `/api/v1/flows/user/${user()}?limit=50` },
    { what: 'a session with its tree', target: 5, url: () => `/api/v1/flows/session/${any(sessions)}` },
    { what: 'one flow with its tree', target: 5, url: () => `/api/v1/flows/${any(flows)}` },
    { what: 'last 50 flows that failed', url: () => '/api/v1/flows?limit=50&status=error' },
    {
      what: 'last 50 flows of 20 users',
      url: () => `/api/v1/flows?limit=50&${Array.from({ length: 20 }, () => `user=${user()}`).join('&')}`,
    },
    { what: 'last 50 flows of a service', url: () => '/api/v1/flows?limit=50&service=chat' },
    { what: 'flows of a service that is not there', url: () => '/api/v1/flows?service=none' },
    { what: 'what runs now', url: () => '/api/v1/flows/running' },
    { what: 'percentiles of every checkpoint, 24 h', target: 60, url: () => `/api/v1/stats/checkpoints?${day()}` },
    { what: 'the same in slots of an hour', target: 60, url: () => `/api/v1/stats/checkpoints?interval=1h&${day()}` },
    { what: 'the same in slots of 30 minutes', url: () => `/api/v1/stats/checkpoints?interval=30m&${day()}` },
    {
      what: 'heat map of a checkpoint, 24 h',
      url: () => `/api/v1/stats/checkpoints/histogram?checkpoint=llm_thinking&${day()}`,
    },
    { what: 'summary of every checkpoint, 24 h', url: () => `/api/v1/stats/checkpoints/summary?${day()}` },
    { what: 'slow checkpoints of the last hour', url: () => `/api/v1/checkpoints/slow?from=${Date.now() - 3_600_000}` },
    { what: 'slow checkpoints, 24 h', url: () => `/api/v1/checkpoints/slow?${day()}` },
    { what: 'services', url: () => '/api/v1/services' },
    { what: 'names of checkpoints, 24 h', url: () => `/api/v1/checkpoints?${day()}` },
    { what: 'users, the newest 100', url: () => '/api/v1/users' },
    { what: 'users by a part of their id', url: () => `/api/v1/users?q=${user().slice(-3)}` },
    { what: 'flows that have a checkpoint', url: () => '/api/v1/flows?checkpoint=tool_call' },
    { what: 'flows that took 5 s or more', url: () => '/api/v1/flows?min_duration_ms=5000' },
    { what: 'text search, many hits', url: () => '/api/v1/flows?q=TOO%20LONG' },
    { what: 'text search, no hit in 36 h', url: () => '/api/v1/flows?q=nothing%20like%20this' },
  ];
}

/**
 * @param {string} bridgeUrl
 * @param {Question} question
 * @param {number} repeats
 * @returns {Promise<Answer>}
 */
async function ask(bridgeUrl, { what, target, url }, repeats) {
  const times = [];
  let bytes = 0;
  // What takes seconds is asked a few times only.
  const deadline = performance.now() + 20_000;
  for (let i = -10; i < repeats && (performance.now() < deadline || times.length < 3); i++) {
    const begin = performance.now();
    const response = await fetch(bridgeUrl + url());
    const body = await response.text();
    if (!response.ok) throw new Error(`${what}: ${response.status} ${body}`);
    // The first few warm up.
    if (i >= 0) times.push(performance.now() - begin);
    bytes = body.length;
    if (i < 0 && performance.now() - begin > 1_000) i = -1;
  }
  times.sort((a, b) => a - b);
  return { what, target, p50: quantile(times, 0.5), p95: quantile(times, 0.95), bytes };
}

/** @param {number} pid */
const rssMb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/**
 * Reads an export to its end, as fast as it comes.
 *
 * @param {string} bridgeUrl
 * @param {number} pid
 * @param {number} hours
 */
async function askExport(bridgeUrl, pid, hours) {
  const before = rssMb(pid);
  let highest = before;
  let bytes = 0;
  let lines = 0;
  const begin = performance.now();
  const response = await fetch(`${bridgeUrl}/api/v1/flows/export?from=${Date.now() - hours * 3_600_000}`);
  for await (const chunk of /** @type {AsyncIterable<Uint8Array>} */ (response.body)) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines += 1;
    highest = Math.max(highest, rssMb(pid));
  }
  return { flows: lines, mb: bytes / 1e6, seconds: (performance.now() - begin) / 1_000, before, highest };
}

/** @param {Answer[]} answers */
function report(answers) {
  const rows = answers.map(({ what, target, p50, p95, bytes }) => [
    what,
    p50.toFixed(1),
    p95.toFixed(1),
    `${(bytes / 1000).toFixed(0)} kB`,
    target === undefined ? '' : `≤ ${target}`,
    target === undefined ? '' : p95 <= target ? 'met' : 'NOT MET',
  ]);
  const table = [['', 'p50 ms', 'p95 ms', 'answer', 'target p95', ''], ...rows];
  const widths = table[0]?.map((_cell, i) => Math.max(...table.map((row) => row[i]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}

/** @param {string} url @param {import('node:child_process').ChildProcess} child */
async function untilHealthy(url, child) {
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new Error(`The bridge ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The bridge did not answer within a minute');
}

/**
 * Starts a bridge in a process of its own; it migrates the database first.
 *
 * @param {string} databaseUrl
 * @param {string} redisUrl
 */
async function startBridge(databaseUrl, redisUrl) {
  const port = await freePort();
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [path.join(repoRoot, 'bridge/dist/main.js')], {
    env: { PATH, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, FLOW_BRIDGE_PORT: String(port), LOG_LEVEL: 'error' },
    stdio: 'inherit',
  });
  endWithRunner(child);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(url, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: /** @type {number} */ (child.pid), stop };
}

/**
 * @param {string} databaseUrl an empty database
 * @param {string} redisUrl
 * @param {typeof FULL} size
 */
async function measure(databaseUrl, redisUrl, size) {
  const say = (/** @type {string} */ text) => void process.stderr.write(`history queries: ${text}\n`);
  const bridge = await startBridge(databaseUrl, redisUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const begin = performance.now();
    await fillHistory(client, { ...size, say });
    const filledS = (performance.now() - begin) / 1_000;
    const { rows } = await client.query(
      'SELECT flow_id, session_id FROM flow.flows TABLESAMPLE SYSTEM (1) WHERE random() < 0.2 LIMIT 500',
    );
    const known = {
      users: size.users,
      sessions: rows.map((row) => row.session_id),
      flows: rows.map((row) => row.flow_id),
    };
    const sizes = await client.query(`SELECT pg_size_pretty(pg_database_size(current_database())) AS size,
      (SELECT count(*)::int FROM flow.checkpoint_stats) AS slots`);
    const answers = [];
    for (const question of questions(known)) {
      say(question.what);
      answers.push(await ask(bridge.url, question, size.repeats));
    }
    say('export');
    const file = await askExport(bridge.url, bridge.pid, size.exportHours);
    console.log(
      [
        `History of ${size.flows.toLocaleString('en')} flows and ${(7 * size.flows).toLocaleString('en')} checkpoints in ` +
          `${size.hours} h (${sizes.rows[0].size}, ${sizes.rows[0].slots} slots of the roll-up, filled in ${filledS.toFixed(0)} s)`,
        `Node ${process.version}; one question after another over HTTP, ${size.repeats} of each\n`,
        report(answers),
        `\nExport of ${file.flows.toLocaleString('en')} flows: ${file.mb.toFixed(0)} MB in ${file.seconds.toFixed(1)} s, ` +
          `the bridge's memory ${file.before.toFixed(0)} MB before and ${file.highest.toFixed(0)} MB at most`,
      ].join('\n'),
    );
    return { answers, file };
  } finally {
    await client.end();
    await bridge.stop();
  }
}

/**
 * Measures, with servers of its own where none are given.
 *
 * @param {{ quick?: boolean, databaseUrl?: string | undefined, redisUrl?: string | undefined }} options
 */
export async function run({ quick = false, databaseUrl, redisUrl } = {}) {
  const dir = await makeTestDir();
  /** @type {{ stop: (graceMs?: number) => Promise<void> }[]} */
  const servers = [];
  try {
    let database = databaseUrl;
    if (database === undefined) {
      const postgres = await startPostgres({
        dir: path.join(dir.path, 'postgres'),
        password: makePassword(),
        fast: false,
      });
      servers.push(postgres);
      database = postgres.url;
    }
    let redis = redisUrl;
    if (redis === undefined) {
      const logDir = path.join(repoRoot, '.flow/logs');
      const binary = await provideRedisBinary({ dataDir: path.join(repoRoot, '.flow'), logDir });
      const server = await startRedis({ dir: path.join(dir.path, 'redis'), binary });
      servers.push(server);
      redis = server.url;
    }
    return await measure(database, redis, quick ? QUICK : FULL);
  } finally {
    for (const server of servers) await server.stop();
    await dir.remove();
  }
}

if (process.argv[1] === import.meta.filename) {
  const args = process.argv.slice(2);
  const unknown = args.find((arg) => !['--quick', '--help', '-h'].includes(arg));
  if (unknown !== undefined) {
    process.stderr.write(`history-queries: unknown argument ${unknown}; see --help\n`);
    process.exitCode = 1;
  } else if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
  } else {
    await run({ quick: args.includes('--quick'), databaseUrl: process.env['BENCH_DATABASE_URL'] });
  }
}
