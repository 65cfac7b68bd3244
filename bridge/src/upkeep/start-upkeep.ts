import type { RedisKeys } from '@flow-tracking/protocol';
import type { Ingest } from '../ingest/start-ingest';
import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import type { RedisClient } from '../platform/redis/client';
import { watchProcesses } from './processes';
import { startLateIndex } from './late-index';
import { RUNNING_INDEX, TRACE_INDEX } from './late-index-store';
import { startSweeper } from './sweeper';

/** What looks after flows that no longer move. */
export interface Upkeep {
  /** Running flows without an event for the stall threshold. */
  readonly stalled: number;
  /** Idempotent. */
  stop(): void;
}

/** Starts the sweeper, and what builds the indexes that it and the spans search by. */
export function startUpkeep(options: {
  config: { partitions: number; stalledAfterMs: number; lostAfterMs: number };
  keys: RedisKeys;
  pool: Pool;
  commands: RedisClient;
  ingest: Pick<Ingest, 'counts' | 'processes' | 'lag'>;
  /** Flows became lost. */
  onLost: (flowIds: readonly string[]) => void;
  failures: Failures;
  logger: Logger;
}): Upkeep {
  const { config, keys, pool, commands, ingest, onLost, failures, logger } = options;
  const { partitions, stalledAfterMs, lostAfterMs } = config;
  const runningIndex = startLateIndex({ index: RUNNING_INDEX, work: 'running_index', pool, failures, logger });
  const traceIndex = startLateIndex({ index: TRACE_INDEX, work: 'trace_index', pool, failures, logger });
  const sweeper = startSweeper({
    pool,
    readProcesses: watchProcesses(commands, keys),
    processes: ingest.processes,
    partitions,
    lag: () => ingest.lag(),
    canFindRunning: () => runningIndex.isBuilt,
    counts: ingest.counts,
    onLost,
    stalledAfterMs,
    lostAfterMs,
    logger,
  });
  return {
    get stalled() {
      return sweeper.stalled;
    },
    stop() {
      sweeper.stop();
      runningIndex.stop();
      traceIndex.stop();
    },
  };
}
