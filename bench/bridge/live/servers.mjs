import path from 'node:path';
import { buildServers, installWorkspaces } from '../../../scripts/lib/build.mjs';
import { startPostgres } from '../../../scripts/lib/postgres-server.mjs';
import { provideRedisBinary } from '../../../scripts/lib/redis-binary.mjs';
import { startRedis } from '../../../scripts/lib/redis-server.mjs';
import { makePassword } from '../../../scripts/lib/secrets.mjs';
import { repoRoot } from '../../../scripts/lib/settings.mjs';
import { makeTestDir } from '../../../scripts/lib/test-dir.mjs';

/**
 * @typedef {object} Servers
 * @property {string} redisUrl
 * @property {number} [redisPid] to keep it off the core of what is measured
 * @property {string} databaseUrl
 */

/**
 * Starts a Redis and a Postgres for a benchmark that is run by itself.
 *
 * @param {(servers: Servers) => Promise<void>} use
 */
export async function withServers(use) {
  const logDir = path.join(repoRoot, '.flow/logs');
  await installWorkspaces({ logDir });
  await buildServers({ logDir });
  const dir = await makeTestDir();
  try {
    const binary = await provideRedisBinary({ dataDir: path.join(repoRoot, '.flow'), logDir });
    const redis = await startRedis({ dir: path.join(dir.path, 'redis'), binary });
    const postgres = await startPostgres({
      dir: path.join(dir.path, 'postgres'),
      password: makePassword(),
      fast: true,
    });
    try {
      await use({ redisUrl: redis.url, redisPid: redis.pid, databaseUrl: postgres.url });
    } finally {
      await postgres.stop();
      await redis.stop();
    }
  } finally {
    await dir.remove();
  }
}

/**
 * What `node <script> [--quick]` does.
 *
 * @param {string} help
 * @param {(options: Servers & { quick: boolean }) => Promise<string>} run
 */
export async function runAlone(help, run) {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return;
  }
  const unknown = args.find((arg) => arg !== '--quick');
  if (unknown !== undefined) {
    process.stderr.write(`unknown argument ${unknown}; see --help\n`);
    process.exitCode = 1;
    return;
  }
  await withServers(async (servers) => console.log(await run({ ...servers, quick: args.includes('--quick') })));
}
