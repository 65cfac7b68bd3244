import type { Logger } from '../adapters/logger';
import type { HistoryStream } from '../adapters/redis-history';
import { messageOf } from '../errors';
import type { HistoryCounts } from './history-batch';

const MEASURE_MS = 5_000;

/** What one partition's stream holds that is not in Postgres yet. */
export interface PartitionLag {
  partition: number;
  entries: number;
  /** Age of the oldest of them; 0 when there is none. */
  ms: number;
}

/** Measures the streams: how far history is behind, and what Redis trimmed away before it was written. */
export interface StreamWatch {
  /** Measures now; undefined while Redis is away. */
  measure: () => Promise<PartitionLag[] | undefined>;
  stop(): void;
}

export function startStreamWatch(options: {
  streams: readonly HistoryStream[];
  counts: HistoryCounts;
  logger: Logger;
}): StreamWatch {
  const { streams, counts, logger } = options;

  const measureOne = async (stream: HistoryStream, partition: number): Promise<PartitionLag> => {
    const { entries, ageMs, trimmed } = await stream.measure();
    if (trimmed > 0) {
      counts.trimmed += trimmed;
      logger.error(
        { partition, entries: trimmed },
        'Events lost: Redis trimmed entries before they were written; add bridges or let the stream grow longer',
      );
    }
    return { partition, entries, ms: ageMs };
  };

  const measure = async (): Promise<PartitionLag[] | undefined> => {
    try {
      return await Promise.all(streams.map(measureOne));
    } catch (error) {
      logger.debug({ reason: messageOf(error) }, 'Streams not measured');
      return undefined;
    }
  };
  const timer = setInterval(() => void measure(), MEASURE_MS);
  return { measure, stop: () => clearInterval(timer) };
}
