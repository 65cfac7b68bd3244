import { EVENTS_FIELD, type RedisKeys } from '@flow-tracking/protocol';
import type { Redis } from 'ioredis';
import type { Batch, WriteResult } from './recorder';

export interface RedisSinkOptions {
  readonly keys: RedisKeys;
  /** The stream of this instance. */
  readonly partition: number;
  /** What the stream may take about, in bytes; older entries are trimmed. */
  readonly streamBytes: number;
}

/** One live frame takes about this many characters at most. */
const FRAME_SIZE = 256 * 1024;
const MIN_ENTRIES = 1000;
const MAX_ENTRIES = 1_000_000;
/** Weight of the newest entry in the running average of entry sizes. */
const AVERAGE_WEIGHT = 0.05;

interface Frame {
  readonly userId: string;
  readonly events: string[];
}

function splitIntoFrames(live: ReadonlyMap<string, string[]>): Frame[] {
  const frames: Frame[] = [];
  for (const [userId, events] of live) {
    let frame: Frame = { userId, events: [] };
    let size = 0;
    for (const event of events) {
      if (size > 0 && size + event.length > FRAME_SIZE) {
        frames.push(frame);
        frame = { userId, events: [] };
        size = 0;
      }
      frame.events.push(event);
      size += event.length;
    }
    frames.push(frame);
  }
  return frames;
}

/** The frame as every hop up to the datasource passes it on: these bytes are the WebSocket message. */
function frameText({ userId, events }: Frame): string {
  return `{"type":"events","user_id":${JSON.stringify(userId)},"events":[${events.join(',')}]}`;
}

function collect(frames: readonly Frame[]): Map<string, string[]> {
  const live = new Map<string, string[]>();
  for (const { userId, events } of frames) live.set(userId, [...(live.get(userId) ?? []), ...events]);
  return live;
}

/**
 * Returns the function that writes a batch: one pipeline of one XADD and a PUBLISH per monitored user. It never rejects,
 * and looks at every command's result, since `exec` resolves also when Redis is out of memory or away.
 */
export function createRedisSink(redis: Redis, options: RedisSinkOptions): (batch: Batch) => Promise<WriteResult> {
  const { keys } = options;
  const stream = keys.stream(options.partition);
  let averageBytes = 4096;

  /** MAXLEN counts entries and an entry is a block of any size, so the number follows from the average size. */
  function maxEntries(block: string): number {
    averageBytes += (block.length - averageBytes) * AVERAGE_WEIGHT;
    return Math.min(MAX_ENTRIES, Math.max(MIN_ENTRIES, Math.floor(options.streamBytes / averageBytes)));
  }

  return async (batch) => {
    try {
      const pipeline = redis.pipeline();
      const hasEvents = batch.events.length > 0;
      if (hasEvents) {
        const block = `[${batch.events.join(',')}]`;
        pipeline.xadd(stream, 'MAXLEN', '~', maxEntries(block), '*', EVENTS_FIELD, block);
      }
      const frames = splitIntoFrames(batch.live);
      for (const frame of frames) pipeline.publish(keys.live(frame.userId), frameText(frame));
      const results = (await pipeline.exec()) ?? [];
      const published = results.slice(hasEvents ? 1 : 0);
      const isPublished = (_frame: Frame, i: number): boolean => published[i]?.[0] === null;
      return {
        stored: !hasEvents || results[0]?.[0] === null,
        published: frames.filter(isPublished).length,
        unpublished: collect(frames.filter((frame, i) => !isPublished(frame, i))),
        error: results.find(([error]) => error !== null)?.[0] ?? undefined,
      };
    } catch (error) {
      return { stored: false, published: 0, unpublished: batch.live, error: error as Error };
    }
  };
}
