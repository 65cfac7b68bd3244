import path from 'node:path';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { benchIngest } from './ingest.mjs';

/**
 * Prints what the bridge does in a second, and what it needs for it.
 *
 * @param {{ redis: { url: string }, dir: string, isQuick: boolean }} options `dir`: for the database
 */
export async function benchBridge({ redis, dir, isQuick }) {
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password: makePassword() });
  try {
    console.log(await benchIngest({ redisUrl: redis.url, databaseUrl: postgres.url, isQuick }));
  } finally {
    await postgres.stop();
  }
}
