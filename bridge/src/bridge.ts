import { redisKeys } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import { createAccess } from './access/access';
import { loadTokens, watchTokens } from './access/token-files';
import { checkTokens } from './access/token-strength';
import { createApi } from './api';
import { createBridgeMetrics } from './bridge-metrics';
import { createReadinessCheck } from './checks/readiness';
import { checkPostgres, checkRedis } from './checks/server-checks';
import { createWarner } from './checks/warn-of';
import type { Config } from './config';
import { createDeadLetters } from './ingest/dead-letter-stream';
import type { HistoryCounts } from './ingest/history-batch';
import { startIngest } from './ingest/start-ingest';
import { openStreamReaders } from './ingest/stream-readers';
import { createWrittenUntil } from './ingest/written-until';
import { createLiveSubscriber } from './live/live-subscriber';
import { startLive } from './live/start-live';
import { startStatusReports } from './metrics/status-reports';
import { createErasures } from './monitoring/erasure';
import { startMonitoring } from './monitoring/start-monitoring';
import { createFailures } from './platform/failures';
import type { Logger } from './platform/logger';
import { closePools, openPools, replicaOf } from './platform/postgres/pools';
import { connectInBackground, createCommandClient, onReconnected, pingRedis } from './platform/redis/client';
import { createSteps, type Steps } from './platform/steps';
import { startServing } from './serving';
import { startSpanExport } from './span-export/start-span-export';
import { startRetention } from './upkeep/retention';
import { startUpkeep } from './upkeep/start-upkeep';

/** How long a start waits for Redis; after that the bridge serves history while Redis is tried on. */
const FIRST_CONNECT_MS = 500;

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

/**
 * Starts a bridge. A start that fails leaves nothing open.
 *
 * @param steps opens the parts one by one
 * @throws {BridgeError} `invalid_config` (a token file), `postgres_unavailable`, `migration_failed`, `port_in_use`. Redis
 * may come later: it is waited for. So may partitions, rights to make them, and room in Redis.
 */
export async function startBridge(config: Config, logger: Logger, steps: Steps = createSteps()): Promise<Bridge> {
  try {
    return await start(config, logger, steps);
  } catch (error) {
    // What can't be closed either is not the reason.
    await steps.closeAll().catch(() => undefined);
    throw error;
  }
}

/** What runs, in the order in which it starts. It is closed in the opposite order. */
async function start(config: Config, logger: Logger, steps: Steps): Promise<Bridge> {
  const log = (component: string): Logger => logger.child({ component });
  const bridgeLog = log('BRIDGE');
  const warnOf = createWarner(bridgeLog);
  const failures = createFailures(bridgeLog);
  const keys = redisKeys(config.prefix);
  const { instance, machine, version, partitions } = config;
  // Seen in CLIENT LIST, where several environments may share a Redis.
  const nameOf = (role: string): string => `${config.prefix}-bridge:${role}`;
  let isStopping = false;

  const tokens = loadTokens(config);
  const access = createAccess({ tokens, allowedOrigins: config.allowedOrigins });
  const watch = () => watchTokens(config, (next) => access.setTokens(next), log('FLOW-API'));
  await steps.open('token files', watch, (unwatch) => unwatch());
  warnOf(Promise.resolve(checkTokens(tokens)));

  const pools = await steps.open('postgres', () => openPools(config, log('POSTGRES')), closePools);
  const pool = pools.primary;
  const replica = replicaOf(config, pools);
  warnOf(checkPostgres(pool));

  const redis = { target: config.redis, logger: log('REDIS') };
  const connect = () => createCommandClient(redis.target, nameOf('commands'), redis.logger);
  const commands = await steps.open('redis', connect, (client) => client.disconnect());
  const shared = { keys, pool, commands, failures };
  onReconnected(commands, () => warnOf(checkRedis(commands, keys, partitions)));

  const subscribe = () => createLiveSubscriber({ ...redis, commands, keys, name: nameOf('live') });
  const subscriber = await steps.open('subscriptions', subscribe, (opened) => opened.close());
  const monitor = () => startMonitoring({ ...shared, subscriber, logger: log('MONITORING') });
  const monitoring = await steps.open('monitoring', monitor, stop);
  const writtenUntil = createWrittenUntil();
  const show = () =>
    startLive({ ...shared, subscriber, monitoring, access, writtenUntil, instance, logger: log('FLOW-WS') });
  const live = await steps.open('live', show, stop);
  // All who listen are there.
  subscriber.open();
  const connected = connectInBackground(commands);

  // Before the writers: the first rows of a day belong into its partition.
  const retain = () => startRetention({ ...shared, retentionDays: config.retentionDays, logger: bridgeLog });
  await steps.open('partitions', retain, stop);
  // A connection that is just being made is not a failure to write history.
  await Promise.race([connected, delay(FIRST_CONNECT_MS)]);

  const read = () => openStreamReaders({ ...redis, partitions, nameOf: (partition) => nameOf(`history-${partition}`) });
  const readers = await steps.open('stream readers', read, (clients) =>
    clients.forEach((client) => client.disconnect()),
  );
  const target = config.spanTarget;
  const send = () => target && startSpanExport({ target, pool, version, failures });
  const spanExport = await steps.open('span export', send, (opened) => opened?.stop());
  const dead = createDeadLetters({ commands, keys, maxBytes: config.deadLetterBytes });
  const writing = { ...shared, pool: pools.writer, readers, dead, writtenUntil, consumer: instance };
  const write = () => startIngest({ ...writing, logger: log('FLOW-LISTENER') });
  const ingest = await steps.open('ingest', write, stop);
  if (spanExport !== undefined) ingest.onBatch(({ endedFlows }) => spanExport.ended(endedFlows));
  const onLost = (flowIds: readonly string[]): void => spanExport?.ended(flowIds);
  const keepUp = () => startUpkeep({ ...shared, config, ingest, onLost, logger: log('FLOW-LISTENER') });
  const upkeep = await steps.open('upkeep', keepUp, stop);
  const told = { instance, machine, version, counts: ingest.counts, lag: () => ingest.lag() };
  const report = () => startStatusReports({ ...shared, ...told, stalled: () => upkeep.stalled });
  await steps.open('status reports', report, stop);
  const { streams } = ingest;
  const erase = () => createErasures({ ...shared, monitoring, streams, dead, logger: log('FLOW-API') });
  const erasures = await steps.open('erasures', erase, stop);

  const checkReadiness = createReadinessCheck({ pool, replica, redis: { ping: () => pingRedis(commands) } });
  const spanCounts = { taken: 0, refused: 0 };
  const parts = {
    ...shared,
    spanCounts,
    access,
    pools,
    replica,
    monitoring,
    live,
    ingest,
    upkeep,
    erasures,
    spanExport,
    checkReadiness,
  };
  const metrics = createBridgeMetrics({ ...parts, version });
  const app = createApi({ ...parts, config, metrics, isStopping: () => isStopping, logger: log('FLOW-API') });
  const serve = () => startServing({ ...config, app, live });
  const serving = await steps.open('server', serve, (opened) => opened.close());
  bridgeLog.info({ url: `http://${config.host}:${serving.port}`, instance }, 'Bridge is listening');

  const stopAll = async (): Promise<void> => {
    // Load balancers see /readyz fail and send no more, before anyone is turned away.
    isStopping = true;
    await delay(config.drainMs);
    // At the same time, as each may take seconds; and before the last status report, which has all that was counted.
    await Promise.all([serving.close(), ingest.stop()]);
    await steps.closeAll();
    bridgeLog.info('Stopped');
  };
  let stopped: Promise<void> | undefined;
  return { port: serving.port, counts: ingest.counts, stop: () => (stopped ??= stopAll()) };
}

const stop = (part: { stop(): unknown }): unknown => part.stop();
