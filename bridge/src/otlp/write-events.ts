import { EVENTS_FIELD, type RedisKeys } from '@flow-tracking/protocol';
import { Cluster } from 'ioredis';
import type { RedisClient } from '../platform/redis/client';
import { partsOf } from '../platform/text-parts';

/** Events of one user, as JSON each. */
export interface UserEvents {
  user: string;
  events: readonly string[];
}

/** JSON arrays of the events: entries of a stream, or live frames. */
const blocksOf = (events: readonly string[]): string[] => Array.from(partsOf(events), (part) => `[${part.join(',')}]`);

/** Publishes what monitored users do, as the middleware does. A frame that is lost is filled in from history. */
async function publish(redis: RedisClient, keys: RedisKeys, { user, events }: UserEvents): Promise<void> {
  const channel = keys.live(user);
  for (const block of blocksOf(events)) {
    const frame = `{"type":"events","user_id":${JSON.stringify(user)},"events":${block}}`;
    await (redis instanceof Cluster ? redis.spublish(channel, frame) : redis.publish(channel, frame));
  }
}

/**
 * Writes events to a stream, and what of them is to be seen live to its channels. Resolves when the stream has all of them, else
 * rejects.
 *
 * @param maxEntries what to trim the stream to, of `createStreamLength`
 */
export async function writeEvents(
  redis: RedisClient,
  keys: RedisKeys,
  partition: number,
  events: readonly string[],
  live: readonly UserEvents[],
  maxEntries: (entryBytes: number) => number,
): Promise<void> {
  const stream = keys.stream(partition);
  const published = live.map((ofUser) => publish(redis, keys, ofUser).catch(() => undefined));
  const blocks = blocksOf(events);
  await Promise.all(
    blocks.map((block) => redis.xadd(stream, 'MAXLEN', '~', maxEntries(block.length), '*', EVENTS_FIELD, block)),
  );
  await Promise.all(published);
}
