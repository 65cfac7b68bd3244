import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import path from 'node:path';
import { startPostgres } from '../../../scripts/lib/postgres-server.mjs';
import { startRedis } from '../../../scripts/lib/redis-server.mjs';
import { makePassword } from '../../../scripts/lib/secrets.mjs';
import { startBridgeProcess } from '../../bridge/bridge-process.mjs';
import { startChild } from '../../child.mjs';
import { pg } from '../services.mjs';

export const PARTITIONS = 4;
const HEAP_MB = 512;
/** That one caller may have at once, which is half of all. */
export const EXPORTS = 30;

/**
 * A bridge with little memory, and what it stands on. Everything that is done to it goes by HTTP, WebSocket, Redis or SQL.
 *
 * @typedef {object} Field
 * @property {import('../../bridge/bridge-process.mjs').BridgeProcess} bridge
 * @property {import('@flow-tracking/protocol').RedisKeys} keys
 * @property {Redis} redis
 * @property {import('pg').Pool} postgres
 * @property {Awaited<ReturnType<typeof startChild>>} watcher
 * @property {boolean} isQuick
 */

/**
 * @param {{ binary: import('../../../scripts/lib/redis-binary.mjs').RedisBinary, dir: string, logDir: string, isQuick: boolean }} options `dir`: for the data
 */
export async function startGround({ binary, dir, logDir, isQuick }) {
  const redisServer = await startRedis({ dir: path.join(dir, 'attacks-redis'), binary });
  const server = await startPostgres({ dir: path.join(dir, 'attacks-postgres'), password: makePassword() }).catch(
    async (error) => {
      await redisServer.stop();
      throw error;
    },
  );
  // A command to a Redis that refuses it fails, and is not kept until it is let in.
  const redis = new Redis(redisServer.url, { maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  let count = 0;
  /** @type {Field | undefined} */
  let field;

  const leave = async () => {
    if (field === undefined) return;
    const { bridge, postgres, watcher } = field;
    field = undefined;
    await watcher.stop();
    await bridge.stop();
    await postgres.end();
  };
  return {
    /** An empty Redis, a new database, a new bridge. @returns {Promise<Field>} */
    async enter() {
      await leave();
      const name = `attacks_${++count}`;
      await redis.config('SET', 'maxmemory', '0');
      await redis.flushall();
      const admin = new pg.Client({ connectionString: server.url });
      await admin.connect();
      await admin.query(`CREATE DATABASE ${name}`).finally(() => admin.end());
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      const bridge = await startBridgeProcess({
        redisUrl: redisServer.url,
        databaseUrl: url.href,
        prefix: name,
        partitions: PARTITIONS,
        nodeArgs: [`--max-old-space-size=${HEAP_MB}`],
        settings: { FLOW_EXPORTS_AT_ONCE: String(2 * EXPORTS) },
        logFile: path.join(logDir, 'attacks-bridge.log'),
      });
      const postgres = new pg.Pool({ connectionString: url.href, max: 4 });
      postgres.on('error', () => undefined);
      const watcher = await startChild(path.join(import.meta.dirname, 'watcher.mjs'), [bridge.url, `${bridge.pid}`]);
      field = { bridge, keys: redisKeys(name), redis, postgres, watcher, isQuick };
      return field;
    },
    async stop() {
      await leave();
      redis.disconnect();
      await server.stop();
      await redisServer.stop();
    },
  };
}
