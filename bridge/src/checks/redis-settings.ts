import { fail, ok, warn, type Finding } from './check';

const MIN_REDIS = [6, 2] as const;

/** The lines of INFO, by name. */
export type RedisInfo = ReadonlyMap<string, string>;

/** @param text what INFO answers */
export function parseRedisInfo(text: string): RedisInfo {
  return new Map(
    text.split('\r\n').map((line) => {
      const [name = '', value = ''] = line.split(':', 2);
      return [name, value];
    }),
  );
}

export function judgeRedisVersion(info: RedisInfo): Finding {
  const version = info.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MIN_REDIS[0] || (major === MIN_REDIS[0] && minor >= MIN_REDIS[1])) {
    const valkey = info.get('valkey_version');
    return ok(valkey === undefined ? `Redis ${version}` : `Valkey ${valkey}`);
  }
  return fail(
    `Redis is older than ${MIN_REDIS.join('.')} (${version}): consumer groups do not work as needed`,
    `Run Redis ${MIN_REDIS.join('.')} or newer, or Valkey`,
  );
}

/** Only a policy that takes any key, and a limit that it is for, can cost history; the others are a trap for later. */
export function judgeMemoryPolicy(info: RedisInfo): Finding {
  const policy = info.get('maxmemory_policy');
  if (policy === undefined) return ok('This Redis does not tell its maxmemory-policy');
  if (policy === 'noeviction') return ok('maxmemory-policy is noeviction');
  const fix = 'Set maxmemory-policy noeviction, or lose history';
  const detail = `Redis may evict the streams (maxmemory-policy is ${policy})`;
  const isLimited = Number(info.get('maxmemory') ?? 0) > 0;
  return isLimited && policy.startsWith('allkeys-') ? fail(detail, fix) : warn(detail, fix);
}

export function judgePersistence(info: RedisInfo): Finding {
  if (info.get('aof_last_write_status') === 'err') {
    return fail('Redis can not write its append-only file', 'See the log of Redis: most often its disk is full');
  }
  if (info.get('aof_enabled') === '0') {
    return warn(
      'Redis keeps no append-only file: what history has not read yet is lost with it',
      'Set appendonly yes; for a trial it does no harm without',
    );
  }
  return ok('Redis keeps an append-only file');
}
