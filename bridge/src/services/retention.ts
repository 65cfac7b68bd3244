import type { Logger } from '../adapters/logger';
import type { Pool } from '../adapters/postgres';
import { messageOf } from '../errors';
import { createDayPartitions, dropDayPartitions } from '../stores/partitions';

const CHECK_MS = 3_600_000;

/**
 * Makes the partitions of the days to come and drops those that are older than is kept, now and every hour.
 *
 * @param retentionDays days that history is kept; 0: for ever
 */
export function startRetention(options: { pool: Pool; retentionDays: number; logger: Logger }): {
  run(): Promise<void>;
  stop(): void;
} {
  const { pool, retentionDays, logger } = options;
  const run = async (): Promise<void> => {
    try {
      await createDayPartitions(pool);
      if (retentionDays === 0) return;
      const dropped = await dropDayPartitions(pool, retentionDays);
      if (dropped > 0) logger.info({ tables: dropped, retentionDays }, 'Old days dropped');
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'Partitions not made or dropped now, trying again in an hour');
    }
  };
  const timer = setInterval(() => void run(), CHECK_MS);
  void run();
  return { run, stop: () => clearInterval(timer) };
}
