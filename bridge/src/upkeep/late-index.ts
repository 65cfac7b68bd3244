import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import { buildLateIndex, isLateIndexBuilt, type LateIndex } from './late-index-store';

const RETRY_MS = 60_000;

/** An index that an upgrade leaves to the bridge. */
export interface LateIndexBuild {
  /** True once it covers all partitions. */
  readonly isBuilt: boolean;
  stop(): void;
}

/** Builds the index in the background, and tries again until it is there. */
export function startLateIndex(options: {
  index: LateIndex;
  /** As failures name it. */
  work: 'running_index' | 'trace_index';
  pool: Pool;
  failures: Failures;
  logger: Logger;
}): LateIndexBuild {
  const { index, work, pool, failures, logger } = options;
  let isBuilt = false;
  let timer: NodeJS.Timeout | undefined;
  const stopping = new AbortController();
  const build = async (): Promise<void> => {
    try {
      const built = await buildLateIndex(pool, index, stopping.signal);
      if (built > 0) logger.info({ index: index.name, partitions: built }, 'Index built');
      // Another bridge may be at it.
      isBuilt = await isLateIndexBuilt(pool, index);
      failures.succeeded({ work });
    } catch (error) {
      if (!stopping.signal.aborted) failures.failed({ work }, error);
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
