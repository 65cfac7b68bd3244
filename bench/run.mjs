#!/usr/bin/env node
// npm run bench: what things cost, against what people would use instead, in one run.
import path from 'node:path';
import { buildServers, installWorkspaces } from '../scripts/lib/build.mjs';
import { provideRedisBinary } from '../scripts/lib/redis-binary.mjs';
import { startRedis } from '../scripts/lib/redis-server.mjs';
import { repoRoot } from '../scripts/lib/settings.mjs';
import { printFailure } from '../scripts/lib/setup-error.mjs';
import { makeTestDir } from '../scripts/lib/test-dir.mjs';

const HELP = `Usage: npm run bench [-- middleware | bridge | outage | soak | instructions] [-- --quick]

middleware  Express servers with six checkpoints a request: bare, with the middleware (its user monitored or not), with
            OpenTelemetry by hand and by instrumentation, and with an awaited round trip for everything. Prints requests a
            second and processor time, and whether the targets are met. About seven minutes.

bridge      How fast a bridge moves a stream into Postgres and answers from a history of a million flows; what a frame to
            many viewers costs it, beside socket.io, and how long it takes. About ten minutes, and 3 GB of disk.
outage      Postgres killed for ten minutes under 1,000 events a second: what is lost, and how soon it has caught up.
soak        Half an hour of chat requests with a fault every 20 s, most of them SIGKILLs of a bridge, Redis or Postgres: what is
            lost, how soon events flow again after each, and whether memory grows.
instructions
            How many instructions of the process a request costs the servers of \`middleware\`, which hardly depends on what
            else the machine does. Needs valgrind. About twelve minutes.

Without a name, all but the last of them. --quick takes half a minute to three minutes each and is for trying it out: its
figures say little.
`;

const DEFAULT_SUBJECTS = ['middleware', 'bridge', 'outage', 'soak'];
const SUBJECTS = [...DEFAULT_SUBJECTS, 'instructions'];
const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(HELP);
  process.exit(0);
}
const unknown = args.find((arg) => arg !== '--quick' && !SUBJECTS.includes(arg));
if (unknown !== undefined) {
  process.stderr.write(`bench: unknown argument ${unknown}; see npm run bench -- --help\n`);
  process.exit(1);
}

const logDir = path.join(repoRoot, '.flow/logs');
await installWorkspaces({ logDir });
await buildServers({ logDir });
const dir = await makeTestDir();
const binary = await provideRedisBinary({ dataDir: path.join(repoRoot, '.flow'), logDir });
const redis = await startRedis({ dir: path.join(dir.path, 'redis'), binary });
const isQuick = args.includes('--quick');
const named = SUBJECTS.filter((subject) => args.includes(subject));
try {
  // Only now is there something built to import.
  for (const subject of named.length > 0 ? named : DEFAULT_SUBJECTS) {
    if (subject === 'middleware') await (await import('./middleware/run.mjs')).benchMiddleware({ redis, isQuick });
    if (subject === 'bridge') await (await import('./bridge/run.mjs')).benchBridge({ redis, dir: dir.path, isQuick });
    if (subject === 'outage') {
      const { benchOutage } = await import('./bridge/outage.mjs');
      console.log(await benchOutage({ redisUrl: redis.url, dir: dir.path, isQuick }));
    }
    if (subject === 'instructions') {
      const { benchInstructions } = await import('./middleware/instructions.mjs');
      await benchInstructions({ redis, isQuick });
    }
    if (subject === 'soak') {
      const { benchSoak } = await import('./soak/run.mjs');
      console.log(await benchSoak({ binary, dir: dir.path, logDir, isQuick }));
    }
  }
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
} finally {
  await redis.stop();
  await dir.remove();
}
