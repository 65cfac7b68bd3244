import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { DeadLetters } from './dead-letter-stream';
import type { HistoryCounts } from './history-batch';

/** Gives events to the dead letters. */
export type SendToDeadLetters = (events: string, reason: string, bytes?: number) => Promise<void>;

/**
 * Dead-letters, counts and tells it. A letter that Redis will never take, as when it is full, is counted and gone: it must not
 * hold up the events behind it. While Redis is away it rejects, since then nothing can be settled either.
 */
export function createDeadLetterSender(options: {
  dead: DeadLetters;
  stream: string;
  partition: number;
  counts: HistoryCounts;
  failures: Failures;
  logger: Logger;
}): SendToDeadLetters {
  const { dead, stream, partition, counts, failures, logger } = options;
  const place = { work: 'dead_letter', partition } as const;
  return async (events, reason, bytes) => {
    const { refused, evicted } = await dead.add({ events, reason, stream, ...(bytes !== undefined && { bytes }) });
    counts.dead += 1;
    counts.deadDropped += evicted + (refused === undefined ? 0 : 1);
    if (refused === undefined) {
      failures.succeeded(place);
      logger.warn({ reason }, 'Event refused, kept in the dead-letter stream');
    } else failures.failed(place, refused);
    if (evicted > 0) logger.warn({ evicted }, 'The oldest dead letters are gone: newer ones took their place');
  };
}
