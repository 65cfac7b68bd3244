import { redisKeys } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import { loadTokens } from './access/token-files';
import { checkTokens } from './access/token-strength';
import { checkPostgres, checkRedis } from './checks/server-checks';
import type { Config } from './config';
import { messageOf } from './errors';
import { startHistory } from './history';
import { createDeadLetters } from './ingest/dead-letter-stream';
import type { HistoryCounts } from './ingest/history-batch';
import { BLOCK_MS } from './ingest/history-writer';
import { startLive } from './live';
import { startStatusReports } from './metrics/status-reports';
import { createFailures } from './platform/failures';
import type { Logger } from './platform/logger';
import { createOpened, type Opened } from './platform/opened';
import { closePools, openPools } from './platform/postgres/pools';
import { createBlockingClient, createCommandClient, onReconnected, type RedisClient } from './platform/redis/client';
import { createFlowHistory } from './query/flows/flow-history';
import { createServing } from './serving';
import { createRetention } from './upkeep/retention';

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
 * @throws {BridgeError} `invalid_config` (a token file), `postgres_unavailable`, `migration_failed`, `port_in_use`. Redis
 * may come later: it is waited for. So may partitions, rights to make them, and room in Redis.
 */
export async function startBridge(config: Config, logger: Logger): Promise<Bridge> {
  const opened = createOpened();
  try {
    return await start(config, logger, opened);
  } catch (error) {
    // What can't be closed either is not the reason.
    await opened.closeAll().catch(() => undefined);
    throw error;
  }
}

/** What runs, in the order in which it starts: schema, live side, partitions, history, then the doors open. */
async function start(config: Config, logger: Logger, opened: Opened): Promise<Bridge> {
  const component = (name: string): Logger => logger.child({ component: name });
  const bridgeLogger = component('BRIDGE');
  const warnOf = createWarner(bridgeLogger);
  const tokens = loadTokens(config);
  warnOf(Promise.resolve(checkTokens(tokens)));
  const keys = redisKeys(config.prefix);
  const failures = createFailures(bridgeLogger);

  const pools = await openPools(config, component('POSTGRES'));
  opened.add(() => closePools(pools));
  const pool = pools.reader;
  warnOf(checkPostgres(pool));

  // Seen in CLIENT LIST, where several environments may share a Redis.
  const connectionName = (role: string): string => `${config.prefix}-bridge:${role}`;
  const redisLogger = component('REDIS');
  const commands = createCommandClient(config.redis, connectionName('commands'), redisLogger);
  onReconnected(commands, () => warnOf(checkRedis(commands, keys, config.partitions)));

  const flows = createFlowHistory(pool, pools.search);
  const live = await startLive({
    config,
    keys,
    pool,
    commands,
    connectionName: connectionName('live'),
    flows,
    failures,
    opened,
    component,
  });
  const tried = connect(commands, opened);

  // Before the writers: the first rows of a day belong into its partition.
  const retention = createRetention({ pool, retentionDays: config.retentionDays, failures, logger: bridgeLogger });
  opened.add(() => retention.stop());
  await retention.start();
  // A connection that is just being made is not a failure to write history.
  await Promise.race([tried, delay(FIRST_CONNECT_MS)]);

  const dead = createDeadLetters({ commands, keys, maxBytes: config.deadLetterBytes });
  const history = startHistory({
    config,
    keys,
    pool,
    writerPool: pools.writer,
    commands,
    dead,
    blocking(partition) {
      const client = createBlockingClient(config.redis, connectionName(`history-${partition}`), BLOCK_MS, redisLogger);
      void connect(client, opened);
      return client;
    },
    failures,
    logger: component('FLOW-LISTENER'),
  });
  opened.add(() => history.stop());

  const reports = startStatusReports({
    pool,
    instance: config.instance,
    machine: config.machine,
    version: config.version,
    counts: history.counts,
    lag: () => history.lag(),
    stalled: () => history.stalled,
    failures,
  });
  // Closed after history, so that its last report has all that was counted.
  opened.add(() => reports.stop());

  const serving = createServing({ config, tokens, pools, commands, live, flows, history, dead, failures, component });
  opened.add(() => serving.close());
  await serving.listen();
  const port = serving.port ?? config.port;
  bridgeLogger.info({ url: `http://${config.host}:${port}`, instance: config.instance }, 'Bridge is listening');

  const stop = async (): Promise<void> => {
    // Load balancers see /readyz fail and send no more, before anyone is turned away.
    serving.announceStop();
    await delay(config.drainMs);
    // At the same time: each may take seconds.
    await Promise.all([serving.close(), history.stop()]);
    await opened.closeAll();
    bridgeLogger.info('Stopped');
  };
  let stopped: Promise<void> | undefined;
  return { port, counts: history.counts, stop: () => (stopped ??= stop()) };
}

/**
 * Connects in the background; whoever needs the connection before that waits or fails with a clear reason.
 *
 * @returns resolves after the first try, be it that it failed
 */
function connect(client: RedisClient, opened: Opened): Promise<void> {
  opened.add(() => client.disconnect());
  // The connection logs why it failed, and tries again by itself.
  return client.connect().catch(() => undefined);
}

/** Logs what checks find wrong, whenever they are done. */
function createWarner(logger: Logger): (check: Promise<string[]>) => void {
  return (check) => {
    check.then(
      (warnings) => warnings.forEach((warning) => logger.warn(warning)),
      (error: unknown) => logger.info({ reason: messageOf(error) }, 'Settings of the servers not checked'),
    );
  };
}
