import type { RedisKeys } from '@flow-tracking/protocol';
import type { Logger } from './adapters/logger';
import type { Pool } from './adapters/postgres';
import type { RedisClient } from './adapters/redis';
import type { DeadLetters } from './adapters/redis-dead-letters';
import { createHistoryStream, type HistoryStream } from './adapters/redis-history';
import { watchProcesses } from './adapters/redis-processes';
import type { Config } from './config';
import type { Failures } from './services/failures';
import type { HistoryCounts, WrittenBatch } from './services/history-batch';
import { runHistoryWriter } from './services/history-writer';
import { createProcessPartitions } from './services/process-partitions';
import { startRetention } from './services/retention';
import { startStreamWatch, type PartitionLag } from './services/stream-watch';
import { startSweeper } from './services/sweeper';

/** The history side of a bridge. */
export interface History {
  readonly counts: Readonly<HistoryCounts>;
  /** Running flows without an event for the stall threshold. */
  readonly stalled: number;
  readonly streams: readonly HistoryStream[];
  /** What waits in each partition that can be measured. */
  lag(): Promise<PartitionLag[]>;
  /** Finishes the batches under way. */
  stop(): Promise<void>;
}

/** Wires and starts a writer per partition, and what looks after streams, flows and partitions. */
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
  onBatch: (batch: WrittenBatch) => void;
  failures: Failures;
  logger: Logger;
}): History {
  const { config, keys, pool, writerPool, commands, dead, logger, failures, onBatch } = options;
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
        onBatch,
        failures,
        logger: logger.child({ partition }),
      },
      stopping.signal,
    ),
  );
  const watch = startStreamWatch({ streams, counts, failures, logger });
  const { stalledAfterMs, lostAfterMs, retentionDays } = config;
  const readProcesses = watchProcesses(commands, keys);
  const sweeper = startSweeper({
    pool,
    readProcesses,
    processes,
    partitions: config.partitions,
    lag: watch.measure,
    counts,
    stalledAfterMs,
    lostAfterMs,
    logger,
  });
  const retention = startRetention({ pool, retentionDays, logger });

  return {
    counts,
    streams,
    get stalled() {
      return sweeper.stalled;
    },
    lag: () => watch.measure(),
    async stop() {
      watch.stop();
      sweeper.stop();
      retention.stop();
      stopping.abort();
      await Promise.all(writing);
    },
  };
}
