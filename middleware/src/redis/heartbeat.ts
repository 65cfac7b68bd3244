import type { RedisKeys } from '@flow-tracking/protocol';
import type { Cluster, Redis } from 'ioredis';

const HEARTBEAT_MS = 30_000;

/**
 * Tells in Redis, now and every 30 s, that this process lives. Of one that falls silent the bridge marks the running flows
 * as lost.
 *
 * @param process what the process' flow ids have in common (`flowIdProcess`)
 */
export function startHeartbeat(writer: Redis | Cluster, keys: RedisKeys, process: string): { stop(): void } {
  const beat = (): void => {
    // Away, or hung: the next beat comes in time, and a flow that is taken for lost is found again by its next event.
    if (writer.status === 'ready') writer.zadd(keys.processes, Date.now(), process).catch(() => undefined);
  };
  writer.on('ready', beat);
  const timer = setInterval(beat, HEARTBEAT_MS);
  timer.unref();
  return {
    stop() {
      writer.off('ready', beat);
      clearInterval(timer);
    },
  };
}
