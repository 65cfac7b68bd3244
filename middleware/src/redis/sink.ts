import type { EventEmitter } from 'node:events';
import { EVENTS_FIELD, type FlowEvent, type RedisKeys } from '@flow-tracking/protocol';
import type { ChainableCommander, Cluster, Redis } from 'ioredis';
import type { Batch, Frame, Sink, WriteResult } from '../record/batch';
import type { Logger } from '../record/logger';

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

/** Commands that go together, and where each stands in the batch. */
interface Part {
  readonly pipeline: ChainableCommander;
  readonly positions: number[];
}

/** Null for a command that was executed. */
type Outcome = Error | null | undefined;

/**
 * Makes what writes a batch: an XADD per block and a PUBLISH per frame, several of them in one pipeline. It never
 * rejects, and looks at every command's result, since `exec` resolves also when Redis is out of memory or away.
 *
 * On a cluster it is a pipeline per key, all in the same tick, since a pipeline goes to one node; and not each command by
 * itself, since a pipeline keeps its order also when it is redirected. Frames go by SPUBLISH, to their channel's node alone.
 */
export function createRedisSink(redis: Redis | Cluster, options: RedisSinkOptions): Sink {
  const { keys } = options;
  const { isCluster } = redis;
  const stream = keys.stream(options.partition);
  let averageBytes = 4096;

  /** MAXLEN counts entries and an entry is a block of any size, so the number follows from the average size. */
  function maxEntries(block: Buffer): number {
    averageBytes += (block.length - averageBytes) * AVERAGE_WEIGHT;
    return Math.min(MAX_ENTRIES, Math.max(MIN_ENTRIES, Math.floor(options.streamBytes / averageBytes)));
  }

  const xaddArguments = (block: Buffer) =>
    [stream, 'MAXLEN', '~', maxEntries(block), '*', EVENTS_FIELD, block] as const;

  function split({ blocks, frames }: Batch): Iterable<Part> {
    const parts = new Map<string, Part>();
    let position = 0;
    const pipelineOf = (key: string): ChainableCommander => {
      const partKey = isCluster ? key : '';
      let part = parts.get(partKey);
      if (part === undefined) parts.set(partKey, (part = { pipeline: redis.pipeline(), positions: [] }));
      part.positions.push(position++);
      return part.pipeline;
    };
    for (const { bytes } of blocks) pipelineOf(stream).xadd(...xaddArguments(bytes));
    for (const { userId, bytes } of frames) {
      const channel = keys.live(userId);
      if (isCluster) pipelineOf(channel).spublish(channel, bytes);
      else pipelineOf(channel).publish(channel, bytes);
    }
    return parts.values();
  }

  /** Most batches of a server that is not busy: without a pipeline around it, it costs a third less. */
  async function sendAlone(block: Buffer): Promise<Outcome> {
    try {
      await redis.xadd(...xaddArguments(block));
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  /** Outcomes of the blocks, then of the frames. */
  async function send(batch: Batch): Promise<Outcome[]> {
    const [first] = batch.blocks;
    if (first !== undefined && batch.blocks.length + batch.frames.length === 1) return [await sendAlone(first.bytes)];
    const outcomes: Outcome[] = [];
    const execute = async ({ pipeline, positions }: Part): Promise<void> => {
      try {
        const results = (await pipeline.exec()) ?? [];
        for (const [i, position] of positions.entries()) outcomes[position] = results[i]?.[0];
      } catch (error) {
        for (const position of positions) outcomes[position] = error as Error;
      }
    };
    await Promise.all(Array.from(split(batch), execute));
    return outcomes;
  }

  async function write(batch: Batch): Promise<WriteResult> {
    const { blocks, frames } = batch;
    try {
      const outcomes = await send(batch);
      const failed = blocks.findIndex((_block, i) => outcomes[i] !== null);
      return {
        stored: failed === -1 ? blocks.length : failed,
        unpublished: frames.filter((_frame, i) => outcomes[blocks.length + i] !== null),
        error: outcomes.find((error) => error !== null) ?? undefined,
      };
    } catch (error) {
      return { stored: 0, unpublished: frames, error: error as Error };
    }
  }

  return { isReady: () => redis.status === 'ready', write };
}

/** Which event it is, in a few words. Names are data: as JSON they cannot begin a line of their own. */
function describe(event: FlowEvent): string {
  if (!('checkpoint' in event)) return event.type;
  const name = JSON.stringify(event.checkpoint).slice(1, -1);
  return event.type === 'checkpoint'
    ? `${name} (node: ${event.node_id})`
    : `${name} (node: ${event.node_id}, ended: ${event.status})`;
}

function isDebug(logger: Logger): boolean {
  try {
    return logger.isLevelEnabled === undefined || logger.isLevelEnabled('debug');
  } catch {
    return false;
  }
}

function logStored(logger: Logger, { blocks }: Batch, count: number): void {
  for (const { bytes } of blocks.slice(0, count)) {
    for (const event of JSON.parse(bytes.toString()) as FlowEvent[]) {
      const { flow_id, seq } = event;
      debug(logger, { flow_id, seq }, `[FLOW] → Redis Stream: ${describe(event)}`);
    }
  }
}

function logPublished(logger: Logger, keys: RedisKeys, frames: readonly Frame[]): void {
  for (const { userId, bytes } of frames) {
    const channel = keys.live(userId);
    for (const event of (JSON.parse(bytes.toString()) as { events: FlowEvent[] }).events) {
      const { flow_id, seq } = event;
      debug(logger, { flow_id, seq, channel }, `[FLOW] ⚡ Published: ${describe(event)}`);
    }
  }
}

function debug(logger: Logger, fields: object, message: string): void {
  try {
    logger.debug(fields, message);
  } catch {
    // A logger that throws must hurt nobody.
  }
}

/** Has the comings and goings of the writer's connection told at debug. */
export function logConnection(client: EventEmitter, logger: Logger): void {
  client.on('ready', () => {
    debug(logger, {}, '[REDIS] Connected');
  });
  client.on('close', () => {
    debug(logger, {}, '[REDIS] Connection closed');
  });
}

/**
 * Has each event told at debug once Redis has it. Events are parsed again for that, so it costs something only while
 * the logger says that debug is on.
 */
export function logWrites(sink: Sink, logger: Logger, keys: RedisKeys): Sink {
  return {
    isReady: () => sink.isReady(),
    async write(batch) {
      const { frames } = batch;
      const result = await sink.write(batch);
      if (isDebug(logger)) {
        logStored(logger, batch, result.stored);
        logPublished(
          logger,
          keys,
          frames.filter((frame) => !result.unpublished.includes(frame)),
        );
      }
      return result;
    },
  };
}
