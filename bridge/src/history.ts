import type { RedisKeys } from '@flow-tracking/protocol';
import type { Config } from './config';
import type { DeadLetters } from './ingest/dead-letter-stream';
import type { HistoryCounts, WrittenBatch } from './ingest/history-batch';
import { createHistoryStream, type HistoryStream } from './ingest/history-stream';
import { runHistoryWriter } from './ingest/history-writer';
import { createProcessPartitions } from './ingest/process-partitions';
import { startStreamWatch, type PartitionLag } from './ingest/stream-watch';
import type { Failures } from './platform/failures';
import type { Logger } from './platform/logger';
import type { Pool } from './platform/postgres/pool';
import type { RedisClient } from './platform/redis/client';
import { watchProcesses } from './upkeep/processes';
import { startRunningIndex } from './upkeep/running-index';
import { startSweeper } from './upkeep/sweeper';

/** The history side of a bridge. */
export interface History {
  readonly counts: Readonly<HistoryCounts>;
  /** Running flows without an event for the stall threshold. */
  readonly stalled: number;
  readonly streams: readonly HistoryStream[];
  /** What waits in each partition that can be measured. */
  lag(): Promise<PartitionLag[]>;
  /** Calls `listener` after every commit from now on; there is one. */
  onBatch(listener: (batch: WrittenBatch) => void): void;
  /** Finishes the batches under way. */
  stop(): Promise<void>;
}

/** Wires and starts a writer per partition, and what looks after streams and flows. */
export function startHistory(options: {
  config: Config;
  keys: RedisKeys;
  /** Of the writers alone, so that no reader's query makes them wait. */
  writerPool: Pool;
  pool: Pool;
  commands: RedisClient;
  dead: DeadLetters;
  /** A connection for the blocking reads of one partition. */
  blocking: (partition: number) => RedisClient;
  failures: Failures;
  logger: Logger;
}): History {
  const { config, keys, pool, writerPool, commands, dead, logger, failures } = options;
  let onBatch: (batch: WrittenBatch) => void = () => undefined;
  const counts: HistoryCounts = { written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 };
  const processes = createProcessPartitions();
  const stopping = new AbortController();

  const streams = Array.from({ length: config.partitions }, (_, partition) =>
    createHistoryStream({
      blocking: options.blocking(partition),
      commands,
      keys,
      partition,
      consumer: config.instance,
    }),
  );
  const writing = streams.map((stream, partition) =>
    runHistoryWriter(
      {
        pool: writerPool,
        stream,
        dead,
        partition,
        processes,
        counts,
        onBatch: (batch) => onBatch(batch),
        failures,
        logger: logger.child({ partition }),
      },
      stopping.signal,
    ),
  );
  const watch = startStreamWatch({ streams, counts, failures, logger });
  const { stalledAfterMs, lostAfterMs } = config;
  const readProcesses = watchProcesses(commands, keys);
  const runningIndex = startRunningIndex({ pool, failures, logger });
  const sweeper = startSweeper({
    pool,
    readProcesses,
    processes,
    partitions: config.partitions,
    lag: watch.measure,
    canFindRunning: () => runningIndex.isBuilt,
    counts,
    stalledAfterMs,
    lostAfterMs,
    logger,
  });

  return {
    counts,
    streams,
    get stalled() {
      return sweeper.stalled;
    },
    lag: () => watch.measure(),
    onBatch(listener) {
      onBatch = listener;
    },
    async stop() {
      watch.stop();
      sweeper.stop();
      runningIndex.stop();
      stopping.abort();
      await Promise.all(writing);
    },
  };
}
