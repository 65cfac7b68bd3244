import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { redisKeys } from '@flow-tracking/protocol';
import { createDoors } from './access/access';
import { watchTokens, type Tokens } from './access/token-files';
import { countShortTokens } from './access/token-strength';
import { createApp } from './app';
import { createReadinessCheck } from './checks/readiness';
import { createRedisInspection } from './checks/redis-inspection';
import { createChecks } from './checks/run-checks';
import type { Config } from './config';
import { BridgeError } from './errors';
import type { History } from './history';
import { createAnswerBudgets } from './http/answer-budget';
import { closeServer } from './http/close-server';
import { serveUpgrade } from './http/serve-upgrade';
import type { DeadLetters } from './ingest/dead-letter-stream';
import { historyProblem } from './ingest/history-health';
import type { Live } from './live';
import { createLiveCounts } from './live/live-counts';
import { createLivePolls } from './live/live-polls';
import { attachLiveServer } from './live/live-server';
import { createUnreadLimit } from './live/unread-limit';
import { createMetrics } from './metrics/metrics';
import { createErasures } from './monitoring/erasure';
import type { Failures } from './platform/failures';
import type { Logger } from './platform/logger';
import type { Pools } from './platform/postgres/pools';
import { pingRedis, type RedisClient } from './platform/redis/client';
import { createExportSlots } from './query/export/export-slots';
import { exportFlows } from './query/export/flow-export';
import type { FlowHistory } from './query/flows/flow-history';
import { readRunning } from './query/running/running-flows';
import { listServices } from './query/selectors/services-store';
import { listUsers } from './query/selectors/users-store';
import { createCheckpointStats } from './query/stats/checkpoint-stats';
import { createSlowCheckpoints } from './query/stats/slow-checkpoints';

/** How long a request under way may take to finish once the bridge stops. */
const REQUEST_LIMIT_MS = 3_000;

/** What a bridge serves: HTTP, WebSocket, metrics. */
export interface Serving {
  /** @throws {BridgeError} `port_in_use` */
  listen(): Promise<void>;
  /** Port listened on; undefined before. */
  readonly port: number | undefined;
  /** Turns `/readyz` to 503, and serves on. */
  announceStop(): void;
  /** Tells viewers to reconnect, answers those that poll, and finishes the requests under way. Idempotent. */
  close(): Promise<void>;
}

/** Wires the doors, everything behind them, and the metrics of the whole bridge. */
export function createServing(options: {
  config: Config;
  tokens: Tokens;
  pools: Pools;
  commands: RedisClient;
  live: Live;
  flows: FlowHistory;
  history: History;
  dead: DeadLetters;
  failures: Failures;
  component: (name: string) => Logger;
}): Serving {
  const { config, tokens, pools, commands, live, flows, history, dead, failures, component } = options;
  const { monitoring, hub } = live;
  const apiLogger = component('FLOW-API');
  const doors = createDoors({ tokens, allowedOrigins: config.allowedOrigins });
  let tokensNow = tokens;
  const onTokens = (next: Tokens): void => {
    tokensNow = next;
    doors.setTokens(next);
  };
  const unwatchTokens = watchTokens(config, onTokens, apiLogger);
  const server = createServer();
  // Of requests that wait for nothing but their reader.
  server.timeout = 2 * config.readerIdleMs;
  const unread = createUnreadLimit();
  const counts = createLiveCounts();
  const shared = { hub, unread, counts, instance: config.instance, logger: component('FLOW-WS') };
  const polls = createLivePolls(shared);
  const viewers = attachLiveServer({
    ...shared,
    server,
    doors,
    onOtherUpgrade: (request, socket) => serveUpgrade(server, request, socket),
  });

  const checkReadiness = createReadinessCheck({ pool: pools.reader, redis: { ping: () => pingRedis(commands) } });
  const metrics = createMetrics({
    history: { counts: history.counts, lag: () => history.lag(), stalled: () => history.stalled },
    live: {
      viewers: () => viewers.viewerCount + polls.pollerCount,
      pollers: () => polls.pollerCount,
      grants: () => monitoring.users().length,
      counts,
      hub: hub.counts,
    },
    servers: { checkReadiness, pools: { ...pools }, failures: () => failures.current(), version: config.version },
  });
  history.onBatch(metrics.onBatch);

  const erasures = createErasures({
    pool: pools.reader,
    monitoring,
    streams: history.streams,
    dead,
    failures,
    logger: apiLogger,
  });

  const stats = createCheckpointStats(pools.reader);
  let isStopping = false;
  const keys = redisKeys(config.prefix);
  const inspection = createRedisInspection(commands, keys, () => pingRedis(commands));
  const runChecks = createChecks({
    redis: inspection,
    keys,
    partitions: config.partitions,
    lag: () => history.lag(),
    pool: pools.reader,
    migrationsDir: config.migrationsDir,
    redisClock: () => inspection.clock(),
    version: config.version,
    instance: config.instance,
    tokens: () => ({
      read: tokensNow.read.length,
      control: tokensNow.control.length,
      short: countShortTokens(tokensNow),
    }),
    isStopping: () => isStopping,
    historyProblem: () => historyProblem(failures.current()),
    grantOf: (userId) => monitoring.get(userId),
    hub,
    settle: async (partition, entryId) => history.streams[partition]?.settle([entryId]),
  });
  const app = createApp({
    doors,
    monitoring,
    polls,
    history: flows,
    metrics,
    metricsOpen: config.metricsOpen,
    changesPerMinute: config.changesPerMinute,
    budgets: createAnswerBudgets(),
    exportSlots: createExportSlots(config.exportsAtOnce),
    readerIdleMs: config.readerIdleMs,
    checkReadiness,
    historyProblem: () => historyProblem(failures.current()),
    isStopping: () => isStopping,
    stats,
    readSlow: createSlowCheckpoints(pools.search, stats),
    readRunning: (filter) => readRunning(pools.reader, filter),
    listUsers: (filter) => listUsers(pools.search, filter),
    listServices: (filter) => listServices(pools.search, filter),
    eraseUser: erasures.erase,
    runChecks,
    exportFlows: (query, between) => exportFlows(pools.search, query, between),
    logger: apiLogger,
  });
  server.on('request', app);

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    isStopping = true;
    unwatchTokens();
    erasures.stop();
    viewers.close();
    polls.close();
    unread.stop();
    await closeServer(server, REQUEST_LIMIT_MS);
  };
  return {
    listen: () => listen(server, config),
    get port() {
      return (server.address() as AddressInfo | null)?.port;
    },
    announceStop() {
      isStopping = true;
    },
    close: () => (closing ??= close()),
  };
}

function listen(server: Server, { host, port }: Config): Promise<void> {
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
