#!/usr/bin/env node
// npm run bench: what things cost, against what people would use instead, in one run.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildServers, installWorkspaces } from '../scripts/lib/build.mjs';
import { provideRedisBinary } from '../scripts/lib/redis-binary.mjs';
import { startRedis } from '../scripts/lib/redis-server.mjs';
import { repoRoot } from '../scripts/lib/settings.mjs';
import { printFailure, StopRequest } from '../scripts/lib/setup-error.mjs';
import { onStopSignal } from '../scripts/lib/stop-signal.mjs';
import { makeTestDir } from '../scripts/lib/test-dir.mjs';
import { killChildren } from './child.mjs';
import { PANEL_CASES } from './panel/cases.mjs';
import { ATTACK_NAMES } from './soak/attacks/names.mjs';

const DEFAULT_SUBJECTS = ['middleware', 'bridge', 'outage', 'soak'];
const SUBJECTS = [...DEFAULT_SUBJECTS, 'instructions', 'migrate', 'compare', 'panel', 'alerts', 'otlp'];

const HELP = `Usage: npm run bench [-- middleware | bridge | outage | soak | instructions] [-- --quick]
       npm run bench -- middleware [--node=20,22,24] [--quick]
       npm run bench -- compare <git ref> [--quick]
       npm run bench -- migrate <git ref> [--flows=N] [--quick]
       npm run bench -- soak [--attacks=NAME,… | --attacks=all] [--minutes=N]
       npm run bench -- alerts [--quick]
       npm run bench -- otlp [--quick]
       npm run bench -- panel [--case=NAME,…] [--dashboard=UID] [--minutes=N] [--quick]

middleware  Express servers with six checkpoints a request: bare, with a client of Redis in use, with the middleware (its user
            monitored or not), with OpenTelemetry by hand and by instrumentation, and with an awaited round trip for everything;
            then one checkpoint alone. Prints requests a second and processor time with their 95 % intervals, and whether the
            targets are met, on each version of Node in --node; those that do not run here are npm's package node, fetched into
            .flow/node. About five minutes a version.

bridge      How fast a bridge moves a stream into Postgres and answers from a history of a million flows; what a frame to
            many viewers costs it, beside socket.io, and how long it takes. About ten minutes, and 3 GB of disk.
outage      Postgres killed for ten minutes under 1,000 events a second: what is lost, and how soon it has caught up.
soak        Half an hour of chat requests with a fault every 20 s, most of them SIGKILLs of a bridge, Redis or Postgres: what is
            lost, how soon events flow again after each, and whether memory grows.
            --attacks runs attacks on one small bridge instead, for as long as they take, or in turn for --minutes. Prints which
            limits each has broken, and ends with 1 if any. Names: ${ATTACK_NAMES.join(', ')}.
instructions
            How many instructions of the process a request costs the servers of \`middleware\`, which hardly depends on what
            else the machine does. Needs valgrind. About twelve minutes.
compare     Whether this tree is as fast as a commit: stream into Postgres, frames to viewers, requests of a server with the
            middleware. Builds the commit in a worktree under .flow/compare, runs fresh processes of both, a slice of each in
            random order, and prints the ratios with their 95 % intervals. Ends with 1 when an interval lies wholly below 0.97.
            About twelve minutes.
migrate     Whether the migrations that a commit does not have can run beside its bridge: fills a history at its schema, starts the
            new bridge beside the old one under load, and goes back to the old one. Ends with 1 when anybody was shut out for
            over a second, or anything was lost.
            About four minutes with 200,000 flows.
alerts      How long each provisioned alert rule takes Postgres on seven million checkpoints, asked by the role of npm run
            db:reader. About ten minutes, and 5 GB of disk.
otlp        How many spans of OpenTelemetry a second get from an exporter through a bridge into Postgres, and what a span costs the
            bridge and Redis. About four minutes.
panel       What the panel costs the browser, as built, in Chromium behind a bridge: time to paint flows of up to 100,000 nodes,
            frames while each view is moved and while events come, how far it is behind them, memory over --minutes (2), and
            how long each panel of the provisioned dashboards waits for its data at a million flows.
            Needs Chromium. --case takes some of: ${PANEL_CASES.join(', ')}. --dashboard takes one dashboard's panels alone.
            About two hours; --quick a quarter.

Without a name: ${DEFAULT_SUBJECTS.join(', ')}. --quick takes half a minute to three minutes each and is for trying it out: its
figures say little.
`;

/** @param {string} message @returns {never} */
function refuse(message) {
  process.stderr.write(`bench: ${message}; see npm run bench -- --help\n`);
  process.exit(1);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        quick: { type: 'boolean', default: false },
        attacks: { type: 'string' },
        case: { type: 'string', default: PANEL_CASES.join(',') },
        dashboard: { type: 'string' },
        minutes: { type: 'string', default: '0' },
        flows: { type: 'string', default: '200000' },
        node: { type: 'string', default: '20,22,24' },
      },
    });
    return { ...values, positionals };
  } catch (error) {
    return refuse(/** @type {Error} */ (error).message);
  }
}

const args = readArguments();
if (args.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
/** The commit that a subject is about follows its name. @param {string} subject @returns {string} */
function takeRef(subject) {
  const at = args.positionals.indexOf(subject);
  if (at === -1) return '';
  const [ref] = args.positionals.splice(at + 1, 1);
  return ref ?? refuse(`${subject} expects a git ref after it`);
}
/** @param {'minutes' | 'flows'} name @param {RegExp} shape @param {string} expected */
function readNumber(name, shape, expected) {
  return shape.test(args[name]) ? Number(args[name]) : refuse(`--${name} expects ${expected}, got ${args[name]}`);
}
const minutes = readNumber('minutes', /^\d+(\.\d+)?$/, 'a number');
const flows = readNumber('flows', /^[1-9]\d*$/, 'a whole number above 0');
const majors = args.node.split(',').map(Number);
if (!majors.every((major) => Number.isInteger(major) && major >= 20))
  refuse(`--node expects versions, got ${args.node}`);
const refs = { compare: takeRef('compare'), migrate: takeRef('migrate') };
const unknown = args.positionals.find((name) => !SUBJECTS.includes(name));
if (unknown !== undefined) refuse(`unknown argument ${unknown}`);
const attacks = args.attacks === 'all' ? [...ATTACK_NAMES] : args.attacks?.split(',');
const unknownAttack = attacks?.find((name) => !ATTACK_NAMES.includes(name));
if (unknownAttack !== undefined) refuse(`unknown attack ${unknownAttack}`);
const cases = args.case.split(',');
const unknownCase = cases.find((name) => !PANEL_CASES.some((known) => known === name));
if (unknownCase !== undefined) refuse(`unknown case ${unknownCase}`);

const logDir = path.join(repoRoot, '.flow/logs');
await installWorkspaces({ logDir });
await buildServers({ logDir });
const dir = await makeTestDir();
process.on('exit', killChildren);
let isStopped = false;
onStopSignal((signal) => {
  isStopped = true;
  printFailure(new StopRequest(signal));
  // What fails from now on fails for want of its servers. Redis and Postgres have their records in the directory.
  process.on('uncaughtException', () => undefined);
  killChildren();
  void dir.remove().finally(() => process.exit(1));
});
const binary = await provideRedisBinary({ dataDir: path.join(repoRoot, '.flow'), logDir });
const redis = await startRedis({ dir: path.join(dir.path, 'redis'), binary });
const isQuick = args.quick;
const named = args.positionals;
try {
  // Only now is there something built to import.
  for (const subject of named.length > 0 ? named : DEFAULT_SUBJECTS) {
    if (subject === 'middleware') {
      const { benchMiddleware } = await import('./middleware/run.mjs');
      await benchMiddleware({ redis, logDir, majors, isQuick });
    }
    if (subject === 'bridge') await (await import('./bridge/run.mjs')).benchBridge({ redis, dir: dir.path, isQuick });
    if (subject === 'outage') {
      const { benchOutage } = await import('./bridge/outage.mjs');
      console.log(await benchOutage({ redisUrl: redis.url, dir: dir.path, isQuick }));
    }
    if (subject === 'instructions') {
      const { benchInstructions } = await import('./middleware/instructions.mjs');
      await benchInstructions({ redis, isQuick });
    }
    if (subject === 'compare') {
      const { benchCompare } = await import('./compare/run.mjs');
      const isAsFast = await benchCompare({ ref: refs.compare, redis, dir: dir.path, logDir, isQuick });
      if (!isAsFast) process.exitCode = 1;
    }
    if (subject === 'migrate') {
      const { benchMigrate } = await import('./migrate/run.mjs');
      const options = { from: refs.migrate, flows, redis, dir: dir.path, logDir, isQuick };
      const isShort = await benchMigrate(options);
      if (!isShort) process.exitCode = 1;
    }
    if (subject === 'alerts') {
      const { benchAlertRules } = await import('./bridge/alert-rules.mjs');
      console.log(await benchAlertRules({ dir: dir.path, isQuick }));
    }
    if (subject === 'otlp') {
      console.log(await (await import('./bridge/otlp.mjs')).benchOtlp({ redis, dir: dir.path, isQuick }));
    }
    if (subject === 'panel') {
      const { benchPanel } = await import('./panel/run.mjs');
      await benchPanel({ redis, dir: dir.path, logDir, cases, dashboard: args.dashboard, minutes, isQuick });
    }
    if (subject === 'soak' && attacks !== undefined) {
      const { benchAttacks } = await import('./soak/attacks/run.mjs');
      const isHeld = await benchAttacks({ names: attacks, minutes, binary, dir: dir.path, logDir, isQuick });
      if (!isHeld) process.exitCode = 1;
    } else if (subject === 'soak') {
      const { benchSoak } = await import('./soak/run.mjs');
      console.log(await benchSoak({ binary, dir: dir.path, logDir, isQuick }));
    }
  }
} catch (error) {
  if (!isStopped) printFailure(error);
  process.exitCode = 1;
} finally {
  await redis.stop();
  await dir.remove();
}
