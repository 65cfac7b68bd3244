import { backOffMs, type BackOffRange } from '@flow-tracking/protocol';
import type { Failures, FailingWork } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import { createDayPartitions, dropDayPartitions } from './partitions-store';

/** Half of it at least, so that bridges that started together do not go on together. */
const CHECK: BackOffRange = { firstMs: 3_600_000, maxMs: 3_600_000 };
const RETRY: BackOffRange = { firstMs: 5_000, maxMs: 60_000 };

/** Looks after the partitions by day: every hour, and within a minute after it failed. Failures are told, never thrown. */
export interface Retention {
  /** Idempotent. */
  stop(): void;
}

/**
 * Makes the partitions of the days to come and drops those that are older than is kept.
 *
 * @param options.retentionDays days that history is kept; 0: for ever
 * @returns resolves when the partitions are made or can not be made now; old days are dropped after that
 */
export async function startRetention(options: {
  pool: Pool;
  retentionDays: number;
  failures: Failures;
  logger: Logger;
}): Promise<Retention> {
  const { pool, retentionDays, failures, logger } = options;
  let timer: NodeJS.Timeout | undefined;
  let failedRounds = 0;
  let stopped = false;

  const attempt = async (work: FailingWork, action: () => Promise<void>): Promise<boolean> => {
    try {
      await action();
      failures.succeeded({ work });
      return true;
    } catch (error) {
      failures.failed({ work }, error);
      return false;
    }
  };
  const create = async (): Promise<void> => {
    await createDayPartitions(pool);
  };
  const drop = async (): Promise<void> => {
    if (retentionDays === 0) return;
    const dropped = await dropDayPartitions(pool, retentionDays);
    if (dropped > 0) logger.info({ tables: dropped, retentionDays }, 'Old days dropped');
  };
  const end = (results: readonly boolean[]): void => {
    failedRounds = results.includes(false) ? failedRounds + 1 : 0;
    if (stopped) return;
    const waitMs = failedRounds === 0 ? backOffMs(1, CHECK) : backOffMs(failedRounds, RETRY);
    timer = setTimeout(() => void round(), waitMs);
  };
  const round = async (): Promise<void> => {
    const made = await attempt('partitions', create);
    void attempt('retention', drop).then((dropped) => end([made, dropped]));
  };
  await round();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
