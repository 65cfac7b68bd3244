import { redisKeys } from '@flow-tracking/protocol';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from './adapters/logger';
import {
  createBlockingClient,
  createCommandClient,
  onReconnected,
  pingRedis,
  type RedisClient,
} from './adapters/redis';
import { createDeadLetters } from './adapters/redis-dead-letters';
import { createMonitoringProjection } from './adapters/redis-monitoring';
import { createLiveSubscriber } from './adapters/redis-subscriber';
import { loadTokens, watchTokens } from './adapters/token-files';
import type { Config } from './config';
import { BridgeError, messageOf } from './errors';
import { startHistory } from './history';
import { createApp } from './http/app';
import { closeServer } from './http/close-server';
import { createMetrics } from './metrics/metrics';
import { closePools, openPools } from './pools';
import { createCheckpointStats } from './services/checkpoint-stats';
import { createDoors } from './services/doors';
import { createErasures } from './services/erasure';
import { createFailures } from './services/failures';
import { exportFlows } from './services/flow-export';
import { createFlowHistory } from './services/flow-history';
import type { HistoryCounts } from './services/history-batch';
import { BLOCK_MS } from './services/history-writer';
import { createLiveHub } from './services/live-hub';
import { createMonitoringService } from './services/monitoring';
import { createReadinessCheck, historyProblem } from './services/readiness';
import { checkPostgres, checkRedis, checkTokens } from './services/server-checks';
import { createSnapshotLoader } from './services/snapshot-loader';
import { listUsers } from './stores/user-queries';
import { attachLiveServer } from './ws/live-server';
import { textFrame } from './ws/text-frame';

/** How long a request under way may take to finish once the bridge stops. */
const REQUEST_LIMIT_MS = 3_000;

/** A running bridge. */
export interface Bridge {
  /** Port listened on. */
  readonly port: number;
  readonly counts: Readonly<HistoryCounts>;
  /**
   * Stops in order: `/readyz` turns to 503 for `drainMs`, viewers are told to reconnect, requests and batches under way
   * are finished. Idempotent.
   */
  stop(): Promise<void>;
}

/** Connects in the background; whoever needs the connection before that waits or fails with a clear reason. */
function connectInBackground(redis: RedisClient): void {
  // The connection logs why it failed, and tries again by itself.
  redis.connect().catch(() => undefined);
}

/**
 * Wires and starts a bridge: schema, monitoring, history, then the doors open.
 *
 * @throws {BridgeError} `invalid_config` (a token file), `postgres_unavailable`, `migration_failed`, `port_in_use`. Redis
 * may come later: it is waited for.
 */
export async function startBridge(config: Config, logger: Logger): Promise<Bridge> {
  const component = (name: string): Logger => logger.child({ component: name });
  const tokens = loadTokens(config);
  const keys = redisKeys(config.prefix);
  const pools = await openPools(config, component('POSTGRES'));
  const pool = pools.reader;

  const failures = createFailures(component('BRIDGE'));
  const redisLogger = component('REDIS');
  // Seen in CLIENT LIST, where several environments may share a Redis.
  const connectionName = (role: string): string => `${config.prefix}-bridge:${role}`;
  const commands = createCommandClient(config.redis, connectionName('commands'), redisLogger);
  const clients: RedisClient[] = [commands];

  const warnOf = (check: Promise<string[]>): void => {
    check.then(
      (warnings) => warnings.forEach((warning) => component('BRIDGE').warn(warning)),
      (error: unknown) => component('BRIDGE').info({ reason: messageOf(error) }, 'Settings of the servers not checked'),
    );
  };
  warnOf(Promise.resolve(checkTokens(tokens)));
  warnOf(checkPostgres(pool));

  const monitoring = createMonitoringService({
    pool,
    projection: createMonitoringProjection(commands, keys),
    logger: component('MONITORING'),
  });
  const history = createFlowHistory(pool, pools.search);

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
    warnOf(checkRedis(commands, keys, config.partitions));
  });

  // Grants that other bridges change.
  await subscriber.subscribe(keys.monitoringChanged);
  subscriber.open();
  for (const client of clients) connectInBackground(client);
  await monitoring.start();
  const blocking = (partition: number): RedisClient => {
    const client = createBlockingClient(config.redis, connectionName(`history-${partition}`), BLOCK_MS, redisLogger);
    clients.push(client);
    connectInBackground(client);
    return client;
  };
  const dead = createDeadLetters({ commands, keys, maxBytes: config.deadLetterBytes });
  const writers = startHistory({
    config,
    keys,
    pool,
    writerPool: pools.writer,
    commands,
    dead,
    blocking,
    onBatch: (batch) => metrics.onBatch(batch),
    failures,
    logger: component('FLOW-LISTENER'),
  });

  const apiLogger = component('FLOW-API');
  const erasures = createErasures({
    pool,
    monitoring,
    streams: writers.streams,
    dead,
    failures,
    logger: apiLogger,
  });
  const doors = createDoors({ tokens, allowedOrigins: config.allowedOrigins });
  const unwatchTokens = watchTokens(config, (next) => doors.setTokens(next), apiLogger);
  const server = createServer();
  const live = attachLiveServer({ server, hub, doors, instance: config.instance, logger: component('FLOW-WS') });

  const checkReadiness = createReadinessCheck({ pool, redis: { ping: () => pingRedis(commands) } });
  const metrics = createMetrics({
    history: { counts: writers.counts, lag: () => writers.lag(), stalled: () => writers.stalled },
    live: {
      viewers: () => live.viewerCount,
      grants: () => monitoring.users().length,
      counts: live.counts,
      hub: hub.counts,
    },
    servers: { checkReadiness, pools: { ...pools }, failures: () => failures.current(), version: config.version },
  });

  const app = createApp({
    doors,
    monitoring,
    history,
    metrics,
    metricsOpen: config.metricsOpen,
    changesPerMinute: config.changesPerMinute,
    checkReadiness,
    historyProblem: () => historyProblem(failures.current()),
    isStopping: () => isStopping,
    stats: createCheckpointStats(pool),
    listUsers: (filter) => listUsers(pools.search, filter),
    eraseUser: erasures.erase,
    exportFlows: (query, between) => exportFlows(pools.search, query, between),
    logger: apiLogger,
  });
  server.on('request', app);

  let isStopping = false;
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    isStopping = true;
    // Load balancers see /readyz fail and send no more, before anyone is turned away.
    if (server.listening) await delay(config.drainMs);
    live.close();
    const closed = closeServer(server, REQUEST_LIMIT_MS);
    // A batch under way is finished; a read that waits ends within BLOCK_MS.
    await writers.stop();
    await closed;
    unwatchTokens();
    erasures.stop();
    monitoring.stop();
    hub.stop();
    subscriber.close();
    for (const client of clients) client.disconnect();
    await closePools(pools);
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
  return { port, counts: writers.counts, stop: stopOnce };
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
