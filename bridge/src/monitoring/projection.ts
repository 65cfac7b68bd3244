import type { MonitoringChange, MonitoringGrant, RedisKeys } from '@flow-tracking/protocol';
import type { RedisClient } from '../platform/redis/client';

/** Users by command or page: a few ms of Redis, and of the bridge, at a time. */
const PAGE = 1_000;
/** Changes told one by one; after more of them it costs less to read the whole set again. */
const MAX_TOLD = 100;

/** The projection of the grants that every middleware reads. Everything rejects while Redis is away, writes also while it is full. */
export interface MonitoringProjection {
  set(grant: Pick<MonitoringGrant, 'user_id' | 'expires_ts'>): Promise<void>;
  remove(userIds: readonly string[]): Promise<void>;
  /** Expiry by user. What changes meanwhile may be missing. */
  read(): Promise<Map<string, number>>;
  /** Writes any number of grants and removes any number of users, and tells nobody. */
  write(grants: readonly MonitoringGrant[], removed: readonly string[]): Promise<void>;
  /** Tells everyone to read the whole set again. */
  announce(): Promise<void>;
}

/** The answer to EXEC tells only that a command was refused; the reason is one of the errors before. */
function causeOf(error: unknown): unknown {
  const { previousErrors } = error as { previousErrors?: unknown };
  return Array.isArray(previousErrors) && previousErrors.length > 0 ? (previousErrors as unknown[])[0] : error;
}

async function execute(transaction: ReturnType<RedisClient['multi']>): Promise<void> {
  const results = await transaction.exec().catch((error: unknown) => {
    throw causeOf(error);
  });
  for (const [error] of results ?? []) if (error !== null) throw error;
}

function* pagesOf<T>(items: readonly T[]): Iterable<readonly T[]> {
  for (let start = 0; start < items.length; start += PAGE) yield items.slice(start, start + PAGE);
}

export function createMonitoringProjection(redis: RedisClient, keys: RedisKeys): MonitoringProjection {
  const key = keys.monitoring;
  const publish = (transaction: ReturnType<RedisClient['multi']>, change: MonitoringChange) =>
    transaction.publish(keys.monitoringChanged, JSON.stringify(change));
  const projection: MonitoringProjection = {
    async set({ user_id, expires_ts }) {
      await execute(publish(redis.multi().zadd(key, expires_ts, user_id), { user_id, expires_ts }));
    },
    async remove(userIds) {
      if (userIds.length === 0) return;
      if (userIds.length > MAX_TOLD) {
        await projection.write([], userIds);
        await projection.announce();
        return;
      }
      const transaction = redis.multi().zrem(key, ...userIds);
      for (const userId of userIds) publish(transaction, { user_id: userId, expires_ts: null });
      await execute(transaction);
    },
    async read() {
      const projected = new Map<string, number>();
      for (let start = 0; ; start += PAGE) {
        const page = await redis.zrange(key, start, String(start + PAGE - 1), 'WITHSCORES');
        for (let i = 0; i < page.length; i += 2) projected.set(page[i] ?? '', Number(page[i + 1]));
        if (page.length < 2 * PAGE) return projected;
      }
    },
    async write(grants, removed) {
      // First, since it frees memory.
      for (const page of pagesOf(removed)) await redis.zrem(key, ...page);
      for (const page of pagesOf(grants)) {
        await redis.zadd(key, ...page.flatMap(({ expires_ts, user_id }) => [String(expires_ts), user_id]));
      }
    },
    async announce() {
      const change: MonitoringChange = { user_id: null, expires_ts: null };
      await redis.publish(keys.monitoringChanged, JSON.stringify(change));
    },
  };
  return projection;
}
