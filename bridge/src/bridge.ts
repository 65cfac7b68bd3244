import { redisKeys } from '@flow-tracking/protocol';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from './adapters/logger';
import { createPool } from './adapters/postgres';
import {
  createBlockingClient,
  createCommandClient,
  onReconnected,
  pingRedis,
  type RedisClient,
} from './adapters/redis';
import { createHistoryStream } from './adapters/redis-history';
import { createLiveSubscriber } from './adapters/redis-subscriber';
import { createMonitoringProjection } from './adapters/redis-monitoring';
import type { Config } from './config';
import { BridgeError, messageOf } from './errors';
import { createApp } from './http/app';
import { createDoors } from './services/doors';
import { createFlowHistory } from './services/flow-history';
import { BLOCK_MS, runHistoryWriter, type HistoryCounts } from './services/history-writer';
import { createLiveHub } from './services/live-hub';
import { createMonitoringService } from './services/monitoring';
import { createSnapshotLoader } from './services/snapshot-loader';
import { listUsers } from './stores/flow-queries';
import { migrate } from './stores/migrations';
import { createDayPartitions } from './stores/partitions';
import { attachLiveServer } from './ws/live-server';
import { textFrame } from './ws/text-frame';

const PARTITION_CHECK_MS = 3_600_000;

/** A running bridge. */
export interface Bridge {
  /** Port listened on. */
  readonly port: number;
  readonly counts: Readonly<HistoryCounts>;
  /** Stops in order: viewers are told to reconnect, the batch under way is finished. Idempotent. */
  stop(): Promise<void>;
}

/** Connects in the background; whoever needs the connection before that waits or fails with a clear reason. */
function connectInBackground(redis: RedisClient): void {
  // The connection logs why it failed, and tries again by itself.
  redis.connect().catch(() => undefined);
}

async function connectPostgres(config: Config, logger: Logger) {
  const pool = createPool(config.databaseUrl, logger);
  try {
    const ran = await migrate(pool, config.migrationsDir);
    if (ran.length > 0) logger.info({ migrations: ran }, 'Schema migrated');
    await createDayPartitions(pool);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/**
 * Wires and starts a bridge: schema, monitoring, history, then the doors open.
 *
 * @throws {BridgeError} `postgres_unavailable`, `migration_failed`, `port_in_use`. Redis may come later: it is waited for.
 */
export async function startBridge(config: Config, logger: Logger): Promise<Bridge> {
  const component = (name: string): Logger => logger.child({ component: name });
  const keys = redisKeys(config.prefix);
  const pool = await connectPostgres(config, component('POSTGRES'));

  const redisLogger = component('REDIS');
  // Seen in CLIENT LIST, where several environments may share a Redis.
  const connectionName = (role: string): string => `${config.prefix}-bridge:${role}`;
  const commands = createCommandClient(config.redis, connectionName('commands'), redisLogger);
  const clients: RedisClient[] = [commands];

  const monitoring = createMonitoringService({
    pool,
    projection: createMonitoringProjection(commands, keys),
    logger: component('MONITORING'),
  });
  const history = createFlowHistory(pool);

  const subscriber = createLiveSubscriber({
    target: config.redis,
    commands,
    keys,
    name: connectionName('live'),
    logger: redisLogger,
    handlers: {
      onMessage(channel, message) {
        if (channel === keys.monitoringChanged) refreshMonitoring();
        else hub.onMessage(channel, message);
      },
      onGap(channels) {
        if (channels.includes(keys.monitoringChanged)) refreshMonitoring();
        hub.onGap(channels);
      },
    },
  });
  const hub = createLiveHub({
    keys,
    monitoring,
    subscriber,
    loadSnapshot: createSnapshotLoader({
      load: (userId) => history.snapshot(userId),
      encode: (frame) => textFrame(Buffer.from(JSON.stringify(frame))),
      logger: component('FLOW-WS'),
    }),
    encode: textFrame,
  });
  monitoring.onChange((userId, grant) => hub.onMonitoringChange(userId, grant));
  const refreshMonitoring = (): void => {
    monitoring.refresh().catch((error: unknown) => logger.debug({ reason: messageOf(error) }, 'Grants not read'));
  };
  // Redis may have lost the projection while it was away.
  onReconnected(commands, () => {
    monitoring.rebuild().catch((error: unknown) => logger.warn({ reason: messageOf(error) }, 'Grants not projected'));
  });

  const stopping = new AbortController();
  const counts: HistoryCounts = { written: 0, dead: 0 };
  const listenerLogger = component('FLOW-LISTENER');
  const writers = Array.from({ length: config.partitions }, (_, partition) => {
    const blocking = createBlockingClient(config.redis, connectionName(`history-${partition}`), BLOCK_MS, redisLogger);
    clients.push(blocking);
    const stream = createHistoryStream({ blocking, commands, keys, partition, consumer: config.instance });
    return () =>
      runHistoryWriter({ pool, stream, counts, logger: listenerLogger.child({ partition }) }, stopping.signal);
  });

  const checkReadiness = async (): Promise<Record<string, string | undefined>> => ({
    postgres: await pool.query('SELECT 1').then(
      () => undefined,
      (error: unknown) => messageOf(error) || 'not reachable',
    ),
    redis: await pingRedis(commands).then(
      () => undefined,
      (error: unknown) => messageOf(error),
    ),
  });

  const doors = createDoors(config);
  const app = createApp({
    doors,
    monitoring,
    history,
    checkReadiness,
    listUsers: (filter) => listUsers(pool, filter),
    logger: component('FLOW-API'),
  });
  const server = createServer(app);
  const live = attachLiveServer({ server, hub, doors, instance: config.instance, logger: component('FLOW-WS') });

  // Grants that other bridges change.
  await subscriber.subscribe(keys.monitoringChanged);
  subscriber.open();
  for (const client of clients) connectInBackground(client);
  await monitoring.start();
  const writing = Promise.all(writers.map((run) => run()));
  const partitionTimer = setInterval(() => {
    createDayPartitions(pool).catch((error: unknown) =>
      logger.warn({ reason: messageOf(error) }, 'Partitions not made'),
    );
  }, PARTITION_CHECK_MS);

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(partitionTimer);
    live.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    stopping.abort();
    // A batch under way is finished; a read that waits ends within BLOCK_MS.
    await writing;
    monitoring.stop();
    hub.stop();
    server.closeAllConnections();
    await closed;
    subscriber.close();
    for (const client of clients) client.disconnect();
    await pool.end();
    component('BRIDGE').info('Stopped');
  };
  const stopOnce = (): Promise<void> => (stopped ??= stop());

  try {
    await listen(server, config);
  } catch (error) {
    await stopOnce();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  component('BRIDGE').info({ url: `http://${config.host}:${port}`, instance: config.instance }, 'Bridge is listening');
  return { port, counts, stop: stopOnce };
}

function listen(server: ReturnType<typeof createServer>, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new BridgeError('port_in_use', 500, `Port ${port} on ${host} is in use; set FLOW_BRIDGE_PORT to another`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}
