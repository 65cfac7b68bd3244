import type { RedisKeys } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { requireUtf8 } from '../stores/migrations';

const MIN_TOKEN_CHARACTERS = 16;
const MIN_POSTGRES = 14;
const MIN_REDIS = [6, 2] as const;
/** Streams beyond the last partition that are looked for. */
const STREAMS_BEYOND = 8;

/** What these checks ask of a Redis client. */
export interface CheckedRedis {
  info(): Promise<string>;
  exists(key: string): Promise<number>;
}

/** What is wrong with a Redis that answers, in sentences for its operator; it works nevertheless. */
export async function checkRedis(redis: CheckedRedis, keys: RedisKeys, partitions: number): Promise<string[]> {
  const info = new Map(
    (await redis.info()).split('\r\n').map((line) => {
      const [name = '', value = ''] = line.split(':', 2);
      return [name, value];
    }),
  );
  const warnings: string[] = [];
  const version = info.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < MIN_REDIS[0] || (major === MIN_REDIS[0] && minor < MIN_REDIS[1])) {
    warnings.push(`Redis is older than ${MIN_REDIS.join('.')} (${version}): consumer groups do not work as needed`);
  }
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push(`Redis may evict the streams (maxmemory-policy is ${policy}): set it to noeviction, or lose history`);
  }
  if (info.get('aof_enabled') === '0') {
    warnings.push('Redis keeps no append-only file: what history has not read yet is lost with it; set appendonly yes');
  }
  for (let partition = partitions; partition < partitions + STREAMS_BEYOND; partition++) {
    if ((await redis.exists(keys.stream(partition))) === 0) continue;
    warnings.push(
      `There is a stream ${keys.stream(partition)} that no bridge reads: FLOW_PARTITIONS is less than the middleware's`,
    );
    break;
  }
  return warnings;
}

/**
 * What is wrong with a Postgres that answers.
 *
 * @throws {BridgeError} `invalid_config`: a bridge does not start with it
 */
export async function checkPostgres(pool: Pool): Promise<string[]> {
  await requireUtf8(pool);
  const { rows } = await pool.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  const version = rows[0]?.version ?? '';
  if (Number.parseInt(version, 10) >= MIN_POSTGRES) return [];
  return [`Postgres is older than ${MIN_POSTGRES} (${version}): it is not tested with that`];
}

/** What is wrong with tokens that work. */
export function checkTokens(tokens: { read: readonly string[]; control: readonly string[] }): string[] {
  const short = [...tokens.read, ...tokens.control].filter((token) => token.length < MIN_TOKEN_CHARACTERS).length;
  if (short === 0) return [];
  return [`${short} of the tokens can be guessed, as they are shorter than ${MIN_TOKEN_CHARACTERS} characters`];
}
