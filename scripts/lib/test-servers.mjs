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
 * @param {boolean} options.embeddedPostgres
 * @param {AbortSignal} options.abort
 * @param {(group: import('./process-group.mjs').ProcessGroup) => void} options.onStarted
 * @returns {Promise<Record<'FLOW_TEST_REDIS_URL' | 'FLOW_TEST_REDIS_SERVER' | 'FLOW_TEST_DATABASE_URL', string>>}
 */
export async function startTestServers({ progress, dir, logDir, embeddedPostgres, abort, onStarted }) {
  const [redis, databaseUrl] = await sideBySide(abort, [
    (abort) =>
      progress.step('Redis for the tests', async (detail) => {
        // Unpacked once and kept, as npm start does.
        const binary = await provideRedisBinary({ dataDir: path.join(repoRoot, '.flow'), logDir, abort, detail });
        const redis = await startRedis({ dir: path.join(dir, 'redis'), binary, abort });
        onStarted(redis.group);
        return { url: redis.url, binary };
      }),
    (abort) =>
      progress.step('Postgres for the tests', async (detail) => {
        const password = makePassword();
        const postgres = await startPostgres({
          dir: path.join(dir, 'postgres'),
          password,
          embedded: embeddedPostgres,
          fast: true,
          abort,
          detail,
        });
        onStarted(postgres.group);
        const maintenance = new URL(postgres.url);
        maintenance.pathname = '/postgres';
        return maintenance.href;
      }),
  ]);
  return {
    FLOW_TEST_REDIS_URL: redis.url,
    // For tests that break a Redis, or need a cluster: what to start.
    FLOW_TEST_REDIS_SERVER: JSON.stringify({
      command: redis.binary.command,
      libraryPath: redis.binary.env['LD_LIBRARY_PATH'],
    }),
    FLOW_TEST_DATABASE_URL: databaseUrl,
  };
}
