import type { RedisKeys } from '@flow-tracking/protocol';
import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import type { RedisClient } from '../platform/redis/client';
import type { DeadLetters } from './dead-letter-stream';
import type { HistoryCounts, WrittenBatch } from './history-batch';
import { createHistoryStream, type HistoryStream } from './history-stream';
import { runHistoryWriter } from './history-writer';
import { createProcessPartitions, type ProcessPartitions } from './process-partitions';
import { startStreamWatch, type PartitionLag } from './stream-watch';
import type { WrittenUntil } from './written-until';

/** What moves the streams into Postgres. */
export interface Ingest {
  readonly counts: HistoryCounts;
  readonly streams: readonly HistoryStream[];
  /** Which processes have used which partitions. */
  readonly processes: ProcessPartitions;
  /** What waits in each partition that can be measured. */
  lag(): Promise<PartitionLag[]>;
  /** Calls `listener` after every commit from now on. */
  onBatch(listener: (batch: WrittenBatch) => void): void;
  /** Finishes the batches under way. Idempotent. */
  stop(): Promise<void>;
}

/** Starts a writer per partition, and what measures the streams. */
export function startIngest(options: {
  keys: RedisKeys;
  /** Of the writers alone, so that no reader's query makes them wait. */
  pool: Pool;
  /** A connection for each partition's blocking reads. */
  readers: readonly RedisClient[];
  commands: RedisClient;
  dead: DeadLetters;
  /** Is told how far the writers are. */
  writtenUntil: WrittenUntil;
  /** Names this bridge in the consumer group. */
  consumer: string;
  failures: Failures;
  logger: Logger;
}): Ingest {
  const { keys, pool, readers, commands, dead, writtenUntil, consumer, failures, logger } = options;
  const listeners: ((batch: WrittenBatch) => void)[] = [];
  const counts: HistoryCounts = { written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 };
  const processes = createProcessPartitions();
  const stopping = new AbortController();

  const streams = readers.map((blocking, partition) =>
    createHistoryStream({ blocking, commands, keys, partition, consumer }),
  );
  const writing = streams.map((stream, partition) =>
    runHistoryWriter(
      {
        pool,
        stream,
        dead,
        partition,
        processes,
        counts,
        onBatch: (batch) => listeners.forEach((listener) => listener(batch)),
        failures,
        logger: logger.child({ partition }),
      },
      stopping.signal,
    ),
  );
  const watch = startStreamWatch({ streams, counts, writtenUntil, failures, logger });

  return {
    counts,
    streams,
    processes,
    lag: () => watch.measure(),
    onBatch(listener) {
      listeners.push(listener);
    },
    async stop() {
      watch.stop();
      stopping.abort();
      await Promise.all(writing);
    },
  };
}
