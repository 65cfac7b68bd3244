import type { RedisKeys } from '@flow-tracking/protocol';
import { requireUtf8 } from '../platform/postgres/migrations';
import type { Pool } from '../platform/postgres/pool';
import type { Finding } from './check';
import { judgePostgresVersion } from './postgres-settings';
import { judgeMemoryPolicy, judgePersistence, judgeRedisVersion, parseRedisInfo } from './redis-settings';
import { readPostgresVersion } from './schema-state-store';
import { judgeUnreadStreams } from './unread-streams';

/** What these checks ask of a Redis client. */
export interface CheckedRedis {
  info(): Promise<string>;
  exists(key: string): Promise<number>;
}

/** What is wrong, and what to do, in one sentence each. */
const toWarnings = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ status, detail, fix }) => (status === 'ok' ? [] : [`${detail}. ${fix}`]));

/** What is wrong with a Redis that answers, in sentences for its operator; it works nevertheless. */
export async function checkRedis(redis: CheckedRedis, keys: RedisKeys, partitions: number): Promise<string[]> {
  const info = parseRedisInfo(await redis.info());
  return toWarnings([
    judgeRedisVersion(info),
    judgeMemoryPolicy(info),
    judgePersistence(info),
    await judgeUnreadStreams(redis, keys, partitions),
  ]);
}

/**
 * What is wrong with a Postgres that answers.
 *
 * @throws {BridgeError} `invalid_config`: a bridge does not start with it
 */
export async function checkPostgres(pool: Pool): Promise<string[]> {
  await requireUtf8(pool);
  return toWarnings([judgePostgresVersion(await readPostgresVersion(pool))]);
}
