import type { EventEmitter } from 'node:events';
import type { FlowEvent, RedisKeys } from '@flow-tracking/protocol';
import type { Batch } from '../record/event-queue';
import type { Frame } from '../record/live-events';
import type { Logger } from '../record/logger';
import type { Sink } from '../record/recorder';

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
