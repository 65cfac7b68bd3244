#!/usr/bin/env node
// npm run bench: what recording a flow costs its process, against OpenTelemetry spans, in one run.
import path from 'node:path';
import { buildServers, installWorkspaces } from '../scripts/lib/build.mjs';
import { provideRedisBinary } from '../scripts/lib/redis-binary.mjs';
import { startRedis } from '../scripts/lib/redis-server.mjs';
import { repoRoot } from '../scripts/lib/settings.mjs';
import { makeTestDir } from '../scripts/lib/test-dir.mjs';

const HELP = `Usage: npm run bench [-- --quick]

Records flows of six checkpoints through the middleware into a Redis of its own, and as OpenTelemetry spans, in turn, and
prints the cost of one flow. About a minute; --quick takes a few seconds and is for trying it out.
`;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(HELP);
  process.exit(0);
}
const unknown = args.find((arg) => arg !== '--quick');
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
try {
  // Only now is there something built to import.
  const [{ runRounds }, { createFlowTracking }, { createOpenTelemetry }] = await Promise.all([
    import('./run-rounds.mjs'),
    import('./flow-tracking.mjs'),
    import('./opentelemetry.mjs'),
  ]);
  const subjects = [await createFlowTracking(redis.url), createOpenTelemetry()];
  const size = args.includes('--quick') ? { rounds: 3, flows: 2_000 } : { rounds: 15, flows: 20_000 };
  const costs = await runRounds(subjects, size);
  for (const subject of subjects) await subject.close();
  print(costs, size);
} finally {
  await redis.stop();
  await dir.remove();
}

/** @param {Map<string, import('./run-rounds.mjs').Cost>} costs @param {{ rounds: number, flows: number }} size */
function print(costs, { rounds, flows }) {
  const [first] = costs.values();
  console.log(`One flow of six checkpoints; median of ${rounds} rounds of ${flows} flows; Node ${process.version}\n`);
  console.log(`${''.padEnd(26)}${'request waits'.padStart(18)}${'processor time'.padStart(18)}`);
  for (const [name, { recordUs, cpuUs }] of costs) {
    console.log(
      `${name.padEnd(26)}${`${recordUs.toFixed(1)} µs`.padStart(18)}${`${cpuUs.toFixed(1)} µs`.padStart(18)}`,
    );
  }
  for (const [name, { recordUs, cpuUs }] of [...costs].slice(1)) {
    const ratios = [recordUs / (first?.recordUs ?? 0), cpuUs / (first?.cpuUs ?? 0)];
    console.log(`\n${name} cost ${ratios.map((ratio) => `${ratio.toFixed(1)}×`).join(' and ')} as much.`);
  }
}
