import { flowIdTime, type FlowEvent } from '@flow-tracking/protocol';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors';
import { faultOf } from '../platform/postgres/pool';
import type { BatchLimit } from './batch-limit';
import type { SendToDeadLetters } from './dead-letters';
import { rehearseBatch, writeBatch, type BatchOptions } from './history-batch';
import { textOf, type SizedEvent } from './stream-events';

/** Failures in a row, without a word whose fault they are, after which the events are suspected. */
const MAX_STRIKES = 3;
/** How often an event is tried by itself. */
const ALONE_TRIES = { data: 2, other: 3 } as const;
const RETRY_MS = 50;
/** What any event may have. */
const PLAIN_BYTES = 64 * 1024;

/** Writes events, whatever they are. */
export interface EventWriter {
  /**
   * Writes or dead-letters all of them. Rejects when it is not the events' fault: then they are to be read again.
   */
  write(events: readonly SizedEvent[]): Promise<void>;
  /** All that was read is settled: what failed before is over. */
  settled(): void;
}

/**
 * A flow that nothing can be held against, where the event would go: of the same day, so in the same tables, and as large,
 * but not larger than any middleware's.
 */
function plainFlow({ event, bytes }: SizedEvent): FlowEvent[] {
  const flow_id = event.flow_id.slice(0, 10) + randomBytes(8).toString('hex').toUpperCase();
  const ts = flowIdTime(flow_id);
  // Not to be compressed.
  const padding = randomBytes((Math.min(bytes, PLAIN_BYTES) * 3) >> 2).toString('base64');
  const node = { node_id: 1, parent_id: null, checkpoint: flow_id, attributes: { padding } };
  return [
    { type: 'flow_start', flow_id, seq: 0, ts, session_id: flow_id, name: flow_id, service: '', instance: '' },
    { type: 'checkpoint', flow_id, seq: 1, ts, ...node, status: 'ok', duration_ms: 0 },
    { type: 'flow_end', flow_id, seq: 2, ts, status: 'ok', duration_ms: 0 },
  ];
}

/**
 * Two rules hold whatever the error. No event stops the others: events that fail again and again are halved until the one
 * at fault is alone, and that is dead-lettered. And no event pays for a Postgres that is ill: before anything is halved or dead-lettered
 * without Postgres naming the data as the cause, a plain flow is written where the event would go, and rolled back. When
 * that fails, too, all is left in the stream.
 */
export function createEventWriter(
  options: BatchOptions,
  limit: BatchLimit,
  sendToDeadLetters: SendToDeadLetters,
): EventWriter {
  let strikes = 0;

  const tryToWrite = async (events: readonly SizedEvent[]): Promise<void> => {
    const durationMs = await writeBatch(
      options,
      events.map(({ event }) => event),
    );
    limit.took(events.length, durationMs);
  };

  const othersGetIn = (event: SizedEvent): Promise<boolean> =>
    rehearseBatch(options.pool, plainFlow(event)).then(
      () => true,
      () => false,
    );

  const tryAlone = async (event: SizedEvent, failure: unknown): Promise<void> => {
    let error = failure;
    for (let tries = 1; ; tries++) {
      const fault = faultOf(error);
      if (fault === 'server' || fault === 'locked' || !(await othersGetIn(event))) throw error;
      if (tries >= (fault === 'data' ? ALONE_TRIES.data : ALONE_TRIES.other)) break;
      await delay(RETRY_MS * tries);
      try {
        await tryToWrite([event]);
        return;
      } catch (next) {
        error = next;
      }
    }
    await sendToDeadLetters(textOf(event.event), messageOf(error));
  };

  const write = async (events: readonly SizedEvent[], isHalf: boolean): Promise<void> => {
    try {
      await tryToWrite(events);
      return;
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'server') throw error;
      if (fault === 'slow' || fault === 'locked') limit.timedOut(events.length);
      if (fault === 'unclear' && !isHalf && (strikes += 1) < MAX_STRIKES) throw error;
      const [first] = events;
      if (first === undefined) throw error;
      if (events.length === 1) return tryAlone(first, error);
      if (fault !== 'data' && !(await othersGetIn(first))) throw error;
    }
    const middle = events.length >> 1;
    await write(events.slice(0, middle), true);
    await write(events.slice(middle), true);
  };

  return {
    async write(events) {
      for (let at = 0; at < events.length;) {
        const end = endOfBatch(events, at, limit);
        await write(events.slice(at, end), false);
        at = end;
      }
    },
    settled() {
      strikes = 0;
    },
  };
}

/** Where the batch that begins at `at` ends: it has one event at least. */
function endOfBatch(events: readonly SizedEvent[], at: number, limit: BatchLimit): number {
  let bytes = 0;
  let end = at;
  for (const { bytes: more } of events.slice(at, at + limit.events)) {
    bytes += more;
    if (end > at && bytes > limit.bytes) break;
    end += 1;
  }
  return end;
}
