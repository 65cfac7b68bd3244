import type { RedisKeys } from '@flow-tracking/protocol';
import type { Logger } from './adapters/logger';
import type { Pool } from './adapters/postgres';
import { onReconnected, type RedisClient } from './adapters/redis';
import { createMonitoringProjection } from './adapters/redis-monitoring';
import { createLiveSubscriber } from './adapters/redis-subscriber';
import type { Config } from './config';
import type { Opened } from './opened';
import type { Failures } from './services/failures';
import type { FlowHistory } from './services/flow-history';
import { jsonBuffer } from './services/json-pieces';
import { createLiveHub, type LiveHub } from './services/live-hub';
import { createMonitoringService, type MonitoringService } from './services/monitoring';
import { createSnapshotLoader } from './services/snapshot-loader';
import { textFrame } from './services/text-frame';

/** The live side of a bridge. */
export interface Live {
  monitoring: MonitoringService;
  hub: LiveHub;
}

/** Wires and starts the monitoring grants, the subscriptions to flows, and what hands them to viewers. */
export async function startLive(options: {
  config: Config;
  keys: RedisKeys;
  pool: Pool;
  /** Not connected yet. */
  commands: RedisClient;
  /** Of the connections for subscriptions. */
  connectionName: string;
  flows: FlowHistory;
  failures: Failures;
  opened: Opened;
  component: (name: string) => Logger;
}): Promise<Live> {
  const { config, keys, pool, commands, connectionName, flows, failures, opened, component } = options;
  const monitoring = createMonitoringService({
    pool,
    projection: createMonitoringProjection(commands, keys),
    failures,
    logger: component('MONITORING'),
  });

  const subscriber = createLiveSubscriber({
    target: config.redis,
    commands,
    keys,
    name: connectionName,
    logger: component('REDIS'),
    handlers: {
      onMessage(channel, message) {
        if (channel === keys.monitoringChanged) void monitoring.refresh();
        else hub.onMessage(channel, message);
      },
      onGap(channels) {
        if (channels.includes(keys.monitoringChanged)) void monitoring.refresh();
        hub.onGap(channels);
      },
    },
  });
  opened.add(() => subscriber.close());
  const hub = createLiveHub({
    keys,
    monitoring,
    subscriber,
    snapshots: createSnapshotLoader({
      load: (userId) => flows.snapshot(userId),
      encode: async (frame) => textFrame(await jsonBuffer(frame)),
      logger: component('FLOW-WS'),
    }),
    encode: textFrame,
  });
  opened.add(() => hub.stop());
  monitoring.onChange((userId, grant) => hub.onMonitoringChange(userId, grant));

  // Grants that other bridges change.
  await subscriber.subscribe(keys.monitoringChanged);
  subscriber.open();
  // Redis may have lost the projection while it was away.
  onReconnected(commands, () => void monitoring.rebuild());
  opened.add(() => monitoring.stop());
  await monitoring.start();
  return { monitoring, hub };
}
