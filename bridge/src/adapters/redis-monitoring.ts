import type { MonitoringChange, MonitoringGrant, RedisKeys } from '@flow-tracking/protocol';
import type { RedisClient } from './redis';

/** Writes the projection of the grants that every middleware reads. Rejects while Redis is away. */
export interface MonitoringProjection {
  set(grant: MonitoringGrant): Promise<void>;
  remove(userIds: readonly string[]): Promise<void>;
  /** Replaces the whole set, and tells everyone to read it again. */
  replace(grants: readonly MonitoringGrant[]): Promise<void>;
}

async function execute(transaction: ReturnType<RedisClient['multi']>): Promise<void> {
  for (const [error] of (await transaction.exec()) ?? []) if (error !== null) throw error;
}

export function createMonitoringProjection(redis: RedisClient, keys: RedisKeys): MonitoringProjection {
  const publish = (transaction: ReturnType<RedisClient['multi']>, change: MonitoringChange) =>
    transaction.publish(keys.monitoringChanged, JSON.stringify(change));
  return {
    async set(grant) {
      const transaction = redis.multi().zadd(keys.monitoring, grant.expires_ts, grant.user_id);
      await execute(publish(transaction, { user_id: grant.user_id, expires_ts: grant.expires_ts }));
    },
    async remove(userIds) {
      if (userIds.length === 0) return;
      const transaction = redis.multi().zrem(keys.monitoring, ...userIds);
      for (const userId of userIds) publish(transaction, { user_id: userId, expires_ts: null });
      await execute(transaction);
    },
    async replace(grants) {
      const transaction = redis.multi().del(keys.monitoring);
      for (const grant of grants) transaction.zadd(keys.monitoring, grant.expires_ts, grant.user_id);
      await execute(publish(transaction, { user_id: null, expires_ts: null }));
    },
  };
}
