import path from 'node:path';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { run as benchFanOut } from './fan-out.mjs';
import { run as benchHistoryQueries } from './history-queries.mjs';
import { benchIngest } from './ingest.mjs';
import { run as benchLatency } from './latency.mjs';

/**
 * Prints what the bridge does in a second, what it needs for it, and how fast it answers.
 *
 * @param {{ redis: { url: string, pid: number }, dir: string, isQuick: boolean }} options `dir`: for the database
 */
export async function benchBridge({ redis, dir, isQuick }) {
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password: makePassword() });
  const servers = { redisUrl: redis.url, redisPid: redis.pid, databaseUrl: postgres.url };
  try {
    console.log(await benchIngest({ ...servers, isQuick }));
    console.log('');
    await benchHistoryQueries({ quick: isQuick });
    // These come last, since they keep this process and Redis on one core.
    for (const run of [benchFanOut, benchLatency]) console.log(`\n${await run({ ...servers, quick: isQuick })}`);
  } finally {
    await postgres.stop();
  }
}
