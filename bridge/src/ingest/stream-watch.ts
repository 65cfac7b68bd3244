import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { HistoryCounts } from './history-batch';
import type { HistoryStream } from './history-stream';
import type { WrittenUntil } from './written-until';

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
  /** Measures now; a partition that can't be measured is told, and left out. */
  measure: () => Promise<PartitionLag[]>;
  stop(): void;
}

export function startStreamWatch(options: {
  streams: readonly HistoryStream[];
  counts: HistoryCounts;
  writtenUntil: WrittenUntil;
  failures: Failures;
  logger: Logger;
}): StreamWatch {
  const { streams, counts, writtenUntil, failures, logger } = options;

  const measureOne = async (stream: HistoryStream, partition: number): Promise<PartitionLag[]> => {
    const place = { work: 'stream_measure', partition } as const;
    try {
      const { entries, ageMs, trimmed } = await stream.measure();
      failures.succeeded(place);
      if (trimmed > 0) {
        counts.trimmed += trimmed;
        logger.error(
          { partition, entries: trimmed },
          'Events lost: Redis trimmed entries before they were written; add bridges or let the stream grow longer',
        );
      }
      return [{ partition, entries, ms: ageMs }];
    } catch (error) {
      failures.failed(place, error);
      return [];
    }
  };

  const measure = async (): Promise<PartitionLag[]> => {
    const measuredTs = Date.now();
    const lags = (await Promise.all(streams.map(measureOne))).flat();
    // Nobody knows what the others hold.
    if (lags.length === streams.length) writtenUntil.advance(measuredTs - Math.max(0, ...lags.map(({ ms }) => ms)));
    return lags;
  };
  const timer = setInterval(() => void measure(), MEASURE_MS);
  return { measure, stop: () => clearInterval(timer) };
}
