import type { RedisKeys } from '@flow-tracking/protocol';
import type { Failures } from '../platform/failures';
import type { Logger } from '../platform/logger';
import type { Pool } from '../platform/postgres/pool';
import { onReconnected, type RedisClient } from '../platform/redis/client';
import { createMonitoringService, type MonitoringService } from './monitoring';
import { createMonitoringProjection } from './projection';

/** Reads the grants, and listens to the bridges that change them. */
export async function startMonitoring(options: {
  keys: RedisKeys;
  pool: Pool;
  /** Not connected yet. */
  commands: RedisClient;
  /** Not open yet. */
  subscriber: {
    listen(listener: { onMessage(channel: string): void; onGap(channels: readonly string[]): void }): void;
    subscribe(channel: string): Promise<void>;
  };
  failures: Failures;
  logger: Logger;
}): Promise<MonitoringService> {
  const { keys, pool, commands, subscriber, failures, logger } = options;
  const projection = createMonitoringProjection(commands, keys);
  const service = createMonitoringService({ pool, projection, failures, logger });
  const channel = keys.monitoringChanged;
  subscriber.listen({
    onMessage(changed) {
      if (changed === channel) void service.refresh();
    },
    onGap(channels) {
      if (channels.includes(channel)) void service.refresh();
    },
  });
  await subscriber.subscribe(channel);
  // Redis may have lost the projection while it was away.
  onReconnected(commands, () => void service.rebuild());
  await service.start();
  return service;
}
