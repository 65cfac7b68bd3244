import type { EventEmitter } from 'node:events';
import { createStreamLength, EVENTS_FIELD, type FlowEvent, type RedisKeys } from '@flow-tracking/protocol';
import type { ChainableCommander, Cluster, Redis } from 'ioredis';
import type { Batch, Sink, WriteResult } from '../record/batch';
import type { Logger } from '../record/logger';

export interface RedisSinkOptions {
  readonly keys: RedisKeys;
  /** The stream of this instance. */
  readonly partition: number;
  /** Bytes that the stream may take, about. Older entries are trimmed. */
  readonly streamBytes: number;
}

/** Null: the command was executed. */
type Outcome = Error | null | undefined;

/**
 * Makes the sink that writes a batch: an XADD per block and a PUBLISH per frame, together in one pipeline. It never rejects. It
 * looks at the result of every command, because `exec` resolves even when Redis is out of memory or away.
 *
 * A cluster gets a pipeline per key, all in the same tick, because a pipeline goes to one node. Single commands would lose
 * their order when they are redirected; a pipeline keeps it. Frames go by SPUBLISH, to the node of their channel alone.
 */
export function createRedisSink(redis: Redis | Cluster, options: RedisSinkOptions): Sink {
  const { keys } = options;
  const { isCluster } = redis;
  const stream = keys.stream(options.partition);
  const maxEntries = createStreamLength(options.streamBytes);

  const xaddArguments = (block: Buffer) =>
    [stream, 'MAXLEN', '~', maxEntries(block.length), '*', EVENTS_FIELD, block] as const;

  /** Outcomes of the blocks, then of the frames. */
  async function send({ blocks, frames }: Batch): Promise<Outcome[]> {
    const [first] = blocks;
    if (first !== undefined && blocks.length + frames.length === 1) {
      // Most batches of a server that is not busy. Without a pipeline, the command costs a third less.
      await redis.xadd(...xaddArguments(first.bytes));
      return [null];
    }
    const pipelines = new Map<string, { readonly pipeline: ChainableCommander; readonly positions: number[] }>();
    let position = 0;
    const pipelineOf = (key: string): ChainableCommander => {
      const part = pipelines.get(isCluster ? key : '') ?? { pipeline: redis.pipeline(), positions: [] };
      pipelines.set(isCluster ? key : '', part);
      part.positions.push(position++);
      return part.pipeline;
    };
    for (const { bytes } of blocks) pipelineOf(stream).xadd(...xaddArguments(bytes));
    for (const { userId, bytes } of frames) {
      const channel = keys.live(userId);
      if (isCluster) pipelineOf(channel).spublish(channel, bytes);
      else pipelineOf(channel).publish(channel, bytes);
    }
    const outcomes: Outcome[] = [];
    const executions = Array.from(pipelines.values(), async ({ pipeline, positions }) => {
      const results = await pipeline.exec().catch((error: unknown) => positions.map(() => [error as Error] as const));
      for (const [i, at] of positions.entries()) outcomes[at] = results?.[i]?.[0];
    });
    await Promise.all(executions);
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

/** A logger that throws must hurt nobody. */
function quietly<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

/** Logs changes of the writer's connection at debug. */
export function logConnection(client: EventEmitter, logger: Logger): void {
  client.on('ready', () => quietly(() => logger.debug({}, '[REDIS] Connected')));
  client.on('close', () => quietly(() => logger.debug({}, '[REDIS] Connection closed')));
}

/** Describes an event in a few words. Names are data; as JSON they can't start a line of the log. */
function describe(event: FlowEvent): string {
  if (!('checkpoint' in event)) return event.type;
  const name = JSON.stringify(event.checkpoint).slice(1, -1);
  const ended = event.type === 'checkpoint_end' ? `, ended: ${event.status}` : '';
  return `${name} (node: ${event.node_id}${ended})`;
}

/**
 * Logs each event at debug once Redis has it. Events are parsed again for that, so it costs something only while the logger
 * says that debug is on.
 */
export function logWrites(sink: Sink, logger: Logger, keys: RedisKeys): Sink {
  const isDebug = (): boolean => logger.isLevelEnabled?.('debug') ?? true;
  const tell = (what: string, events: readonly FlowEvent[], fields: object): void => {
    for (const event of events) {
      const { flow_id, seq } = event;
      quietly(() => logger.debug({ flow_id, seq, ...fields }, `[FLOW] ${what}: ${describe(event)}`));
    }
  };
  return {
    isReady: () => sink.isReady(),
    async write(batch) {
      const { blocks, frames } = batch;
      const result = await sink.write(batch);
      if (quietly(isDebug) !== true) return result;
      for (const { bytes } of blocks.slice(0, result.stored)) {
        tell('→ Redis Stream', JSON.parse(bytes.toString()) as FlowEvent[], {});
      }
      for (const frame of frames) {
        if (result.unpublished.includes(frame)) continue;
        const { events } = JSON.parse(frame.bytes.toString()) as { events: FlowEvent[] };
        tell('⚡ Published', events, { channel: keys.live(frame.userId) });
      }
      return result;
    },
  };
}
