import path from 'node:path';
import { startPostgres } from './postgres-server.mjs';
import { provideRedisBinary } from './redis-binary.mjs';
import { startRedis } from './redis-server.mjs';
import { makePassword } from './secrets.mjs';
import { repoRoot } from './settings.mjs';
import { sideBySide } from './side-by-side.mjs';

/**
 * Starts a Redis and a Postgres for one test run. Test files keep apart by key prefix, and by databases of their own that
 * they make through the maintenance database.
 *
 * @param {object} options
 * @param {import('./progress.mjs').Progress} options.progress
 * @param {string} options.dir
 * @param {string} options.logDir
 * @param {AbortSignal} options.abort
 * @param {(group: import('./process-group.mjs').ProcessGroup) => void} options.onStarted
 * @returns {Promise<{ FLOW_TEST_REDIS_URL: string, FLOW_TEST_DATABASE_URL: string }>}
 */
export async function startTestServers({ progress, dir, logDir, abort, onStarted }) {
  const [redisUrl, databaseUrl] = await sideBySide(abort, [
    (abort) =>
      progress.step('Redis for the tests', async (detail) => {
        // Unpacked once and kept, as npm start does.
        const binary = await provideRedisBinary({ dataDir: path.join(repoRoot, '.flow'), logDir, abort, detail });
        const redis = await startRedis({ dir: path.join(dir, 'redis'), binary, abort });
        onStarted(redis.group);
        return redis.url;
      }),
    (abort) =>
      progress.step('Postgres for the tests', async (detail) => {
        const password = makePassword();
        const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password, fast: true, abort, detail });
        onStarted(postgres.group);
        const maintenance = new URL(postgres.url);
        maintenance.pathname = '/postgres';
        return maintenance.href;
      }),
  ]);
  return { FLOW_TEST_REDIS_URL: redisUrl, FLOW_TEST_DATABASE_URL: databaseUrl };
}
