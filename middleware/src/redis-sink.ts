import { EVENTS_FIELD, type RedisKeys } from '@flow-tracking/protocol';
import type { Redis } from 'ioredis';
import type { Batch } from './event-queue';
import type { Sink, WriteResult } from './recorder';

export interface RedisSinkOptions {
  readonly keys: RedisKeys;
  /** The stream of this instance. */
  readonly partition: number;
  /** What the stream may take about, in bytes; older entries are trimmed. */
  readonly streamBytes: number;
}

const MIN_ENTRIES = 1000;
const MAX_ENTRIES = 1_000_000;
/** Weight of the newest entry in the running average of entry sizes. */
const AVERAGE_WEIGHT = 0.05;

/**
 * Makes what writes a batch: one pipeline of an XADD per block and a PUBLISH per frame. It never rejects, and looks at every
 * command's result, since `exec` resolves also when Redis is out of memory or away.
 */
export function createRedisSink(redis: Redis, options: RedisSinkOptions): Sink {
  const { keys } = options;
  const stream = keys.stream(options.partition);
  let averageBytes = 4096;

  /** MAXLEN counts entries and an entry is a block of any size, so the number follows from the average size. */
  function maxEntries(block: Buffer): number {
    averageBytes += (block.length - averageBytes) * AVERAGE_WEIGHT;
    return Math.min(MAX_ENTRIES, Math.max(MIN_ENTRIES, Math.floor(options.streamBytes / averageBytes)));
  }

  async function write({ blocks, frames }: Batch): Promise<WriteResult> {
    try {
      const pipeline = redis.pipeline();
      for (const { bytes } of blocks) {
        pipeline.xadd(stream, 'MAXLEN', '~', maxEntries(bytes), '*', EVENTS_FIELD, bytes);
      }
      for (const { userId, bytes } of frames) pipeline.publish(keys.live(userId), bytes);
      const errors = ((await pipeline.exec()) ?? []).map(([error]) => error);
      const failed = blocks.findIndex((_block, i) => errors[i] !== null);
      return {
        stored: failed === -1 ? blocks.length : failed,
        unpublished: frames.filter((_frame, i) => errors[blocks.length + i] !== null),
        error: errors.find((error) => error !== null) ?? undefined,
      };
    } catch (error) {
      return { stored: 0, unpublished: frames, error: error as Error };
    }
  }

  return { isReady: () => redis.status === 'ready', write };
}
