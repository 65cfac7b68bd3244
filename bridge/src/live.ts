import type { RedisKeys } from '@flow-tracking/protocol';
import type { Config } from './config';
import { jsonBuffer } from './http/json-pieces';
import { createLiveHub, type LiveHub } from './live/live-hub';
import { createLiveSubscriber } from './live/live-subscriber';
import { createSnapshotLoader } from './live/snapshot-loader';
import { textFrame } from './live/text-frame';
import { createMonitoringService, type MonitoringService } from './monitoring/monitoring';
import { createMonitoringProjection } from './monitoring/projection';
import type { Failures } from './platform/failures';
import type { Logger } from './platform/logger';
import type { Opened } from './platform/opened';
import type { Pool } from './platform/postgres/pool';
import { onReconnected, type RedisClient } from './platform/redis/client';
import type { FlowHistory } from './query/flows/flow-history';

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
