import type { RedisKeys } from '@flow-tracking/protocol';
import type { RedisClient } from '../platform/redis/client';

/** A process sends a heartbeat every 30 s; one that missed three is dead. */
export const DEAD_AFTER_MS = 90_000;
/** After a pause of this length nobody knows who was silent meanwhile, and who only could not be heard. */
const PAUSE_MS = 30_000;
/** A process that is silent for so long has no running flow any more. */
const FORGET_AFTER_MS = 7 * 24 * 3_600_000;

/** Recording processes, as `flowIdProcess` names them. */
export interface Processes {
  alive: string[];
  /** Those that sent heartbeats once, and do no longer. */
  dead: string[];
}

/**
 * Watches which recording processes live. Each leaves the time of its latest heartbeat in Redis; what counts is that it
 * changes, so that clocks may differ.
 *
 * @param nowMs monotonic
 * @returns reads them; rejects while Redis is away
 */
export function watchProcesses(
  redis: RedisClient,
  keys: RedisKeys,
  nowMs: () => number = () => performance.now(),
): () => Promise<Processes> {
  const seen = new Map<string, { sign: string; heardAt: number }>();
  let readAt = -Infinity;
  return async () => {
    await redis.zremrangebyscore(keys.processes, '-inf', Date.now() - FORGET_AFTER_MS);
    // Members and scores: a flat list in RESP2, pairs in RESP3.
    const reply = (await redis.zrange(keys.processes, '0', '-1', 'WITHSCORES')).flat().map(String);
    const now = nowMs();
    if (now - readAt > PAUSE_MS) seen.clear();
    readAt = now;
    const processes: Processes = { alive: [], dead: [] };
    for (let i = 0; i + 1 < reply.length; i += 2) {
      const [process, sign] = reply.slice(i, i + 2) as [string, string];
      const known = seen.get(process);
      const heardAt = known?.sign === sign ? known.heardAt : now;
      seen.set(process, { sign, heardAt });
      processes[now - heardAt < DEAD_AFTER_MS ? 'alive' : 'dead'].push(process);
    }
    return processes;
  };
}
