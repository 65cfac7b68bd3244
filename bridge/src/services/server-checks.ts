import type { RedisKeys } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { requireUtf8 } from '../stores/migrations';
import { readPostgresVersion } from '../stores/schema-state';
import type { Finding } from './checks/check';
import { judgePostgresVersion } from './checks/postgres-settings';
import { judgeMemoryPolicy, judgePersistence, judgeRedisVersion, parseRedisInfo } from './checks/redis-settings';
import { judgeUnreadStreams } from './checks/unread-streams';

const MIN_TOKEN_CHARACTERS = 16;

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

/** What is wrong with tokens that work. */
export function checkTokens(tokens: { read: readonly string[]; control: readonly string[] }): string[] {
  const short = countShortTokens(tokens);
  if (short === 0) return [];
  return [`${short} of the tokens can be guessed, as they are shorter than ${MIN_TOKEN_CHARACTERS} characters`];
}

export function countShortTokens(tokens: { read: readonly string[]; control: readonly string[] }): number {
  return [...tokens.read, ...tokens.control].filter((token) => token.length < MIN_TOKEN_CHARACTERS).length;
}
