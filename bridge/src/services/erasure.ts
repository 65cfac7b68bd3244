import type { UserErased } from '@flow-tracking/protocol';
import type { Logger } from '../adapters/logger';
import type { Pool } from '../adapters/postgres';
import { auditErasure, eraseFlows } from '../stores/erase-user';
import type { Change, MonitoringService } from './monitoring';

/** Takes away all that history knows of a user; what was done is audited. Idempotent. */
export type EraseUser = (userId: string, change: Change) => Promise<UserErased>;

export function createErasure(options: { pool: Pool; monitoring: MonitoringService; logger: Logger }): EraseUser {
  const { pool, monitoring, logger } = options;
  return async (userId, change) => {
    const erased = { flows: 0, checkpoints: 0 };
    // First, so that nothing more of the user is published. When Redis can't be told now, the rest is erased all the same.
    const disabling = monitoring.disable(userId, change);
    const [disabled] = await Promise.allSettled([disabling]);
    try {
      await eraseFlows(pool, userId, erased);
    } finally {
      // What is gone is audited also when the rest could not be reached.
      await auditErasure(pool, { userId, ...change, ...erased });
    }
    logger.info({ user: userId, ...change, ...erased }, 'User erased');
    if (disabled.status === 'rejected') throw disabled.reason;
    return { user_id: userId, ...erased, monitoring_disabled: disabled.value };
  };
}
