import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import { buildRunningIndex, isRunningIndexBuilt } from './running-index-store';

const RETRY_MS = 60_000;
const PLACE = { work: 'running_index' } as const;

/** The index of the checkpoints that run, which an upgrade leaves to the bridge. */
export interface RunningIndex {
  /** True once it covers all partitions. */
  readonly isBuilt: boolean;
  stop(): void;
}

/** Builds the index in the background, and tries again until it is there. */
export function startRunningIndex(options: { pool: Pool; failures: Failures; logger: Logger }): RunningIndex {
  const { pool, failures, logger } = options;
  let isBuilt = false;
  let timer: NodeJS.Timeout | undefined;
  const stopping = new AbortController();
  const build = async (): Promise<void> => {
    try {
      const built = await buildRunningIndex(pool, stopping.signal);
      if (built > 0) logger.info({ partitions: built }, 'Index of running checkpoints built');
      // Another bridge may be at it.
      isBuilt = await isRunningIndexBuilt(pool);
      failures.succeeded(PLACE);
    } catch (error) {
      if (!stopping.signal.aborted) failures.failed(PLACE, error);
    }
    if (!isBuilt && !stopping.signal.aborted) timer = setTimeout(() => void build(), RETRY_MS);
  };
  void build();
  return {
    get isBuilt() {
      return isBuilt;
    },
    stop() {
      stopping.abort();
      clearTimeout(timer);
    },
  };
}
