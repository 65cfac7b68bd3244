import type { RedisKeys } from '@flow-tracking/protocol';
import type { Redis } from './redis';

/** A process gives a sign of life every 30 s; one that missed three is dead. */
export const DEAD_AFTER_MS = 90_000;
/** A process that is silent for so long has no running flow any more. */
const FORGET_AFTER_MS = 7 * 24 * 3_600_000;

/** Which recording processes live, by the signs of life that they leave in Redis. */
export async function readProcesses(redis: Redis, keys: RedisKeys): Promise<{ alive: string[]; dead: string[] }> {
  const now = Date.now();
  await redis.zremrangebyscore(keys.processes, '-inf', now - FORGET_AFTER_MS);
  const [alive, dead] = await Promise.all([
    redis.zrangebyscore(keys.processes, now - DEAD_AFTER_MS, '+inf'),
    redis.zrangebyscore(keys.processes, '-inf', `(${now - DEAD_AFTER_MS}`),
  ]);
  return { alive, dead };
}
