import type { RedisKeys } from '@flow-tracking/protocol';
import type { Express } from 'express';
import type { Access } from './access/access';
import { createApp } from './app';
import type { Readiness } from './checks/readiness';
import { createRedisInspection } from './checks/redis-inspection';
import { createChecks } from './checks/run-checks';
import type { Config } from './config';
import { createAnswerBudgets } from './http/answer-budget';
import { historyProblem } from './ingest/history-health';
import type { Ingest } from './ingest/start-ingest';
import type { Live } from './live/start-live';
import type { Metrics } from './metrics/metrics';
import type { Erasures } from './monitoring/erasure';
import type { MonitoringService } from './monitoring/monitoring';
import type { SpanCounts } from './otlp/otlp-endpoint';
import type { Failures } from './platform/failures';
import type { Logger } from './platform/logger';
import type { Pool } from './platform/postgres/pool';
import type { Pools } from './platform/postgres/pools';
import { pingRedis, type RedisClient } from './platform/redis/client';
import { createExportSlots } from './query/export/export-slots';
import { createRecall } from './otlp/recall';
import { createTakeSpans } from './otlp/take-spans';
import { exportFlows } from './query/export/flow-export';
import { createFlowHistory } from './query/flows/flow-history';
import { readRunning } from './query/running/running-flows';
import { listServices } from './query/selectors/services-store';
import { listUsers } from './query/selectors/users-store';
import { createCheckpointStats } from './query/stats/checkpoint-stats';
import { createSlowCheckpoints } from './query/stats/slow-checkpoints';

/** What the endpoints ask. */
export interface ApiParts {
  config: Config;
  keys: RedisKeys;
  access: Access;
  pools: Pools;
  replica: Pool | undefined;
  commands: RedisClient;
  monitoring: MonitoringService;
  live: Live;
  ingest: Ingest;
  erasures: Erasures;
  spanCounts: SpanCounts;
  metrics: Metrics;
  checkReadiness: () => Promise<Readiness>;
  isStopping: () => boolean;
  failures: Failures;
  logger: Logger;
}

/** Makes what answers HTTP: the endpoints of all rooms, on the parts of a bridge that runs. Opens nothing. */
export function createApi(parts: ApiParts): Express {
  const { config, keys, access, pools, commands, monitoring, live, ingest, metrics, failures, isStopping } = parts;
  const stats = createCheckpointStats(pools.reader);
  const problem = (): string | undefined => historyProblem(failures.current());
  const inspection = createRedisInspection(commands, keys, () => pingRedis(commands));
  const runChecks = createChecks({
    redis: inspection,
    keys,
    partitions: config.partitions,
    lag: () => ingest.lag(),
    pool: pools.primary,
    replica: parts.replica,
    migrationsDir: config.migrationsDir,
    redisClock: () => inspection.clock(),
    version: config.version,
    instance: config.instance,
    tokens: () => access.tokenCounts(),
    isStopping,
    historyProblem: problem,
    grantOf: (userId) => monitoring.get(userId),
    hub: live.hub,
    settle: async (partition, entryId) => ingest.streams[partition]?.settle([entryId]),
  });
  return createApp({
    access,
    monitoring,
    polls: live.polls,
    history: createFlowHistory(pools.reader, pools.search),
    metrics,
    metricsOpen: config.metricsOpen,
    changesPerMinute: config.changesPerMinute,
    budgets: createAnswerBudgets(),
    exportSlots: createExportSlots(config.exportsAtOnce),
    readerIdleMs: config.readerIdleMs,
    checkReadiness: parts.checkReadiness,
    historyProblem: problem,
    isStopping,
    stats,
    readSlow: createSlowCheckpoints(pools.search, stats),
    readRunning: (filter) => readRunning(pools.reader, filter),
    listUsers: (filter) => listUsers(pools.search, filter),
    listServices: (filter) => listServices(pools.search, filter),
    otlpMaxBytes: config.otlp.maxBytes,
    spanCounts: parts.spanCounts,
    takeSpans: createTakeSpans({
      redis: commands,
      keys,
      settings: {
        identity: { user: config.otlp.userAttributes, session: config.otlp.sessionAttributes },
        partitions: config.partitions,
        memoryS: config.otlp.memoryS,
        streamBytes: config.otlp.streamBytes,
      },
      recall: createRecall(pools.reader, config.otlp.memoryS),
      isMonitored: (userId) => monitoring.get(userId) !== undefined,
    }),
    eraseUser: parts.erasures.erase,
    runChecks,
    exportFlows: (query, between) => exportFlows(pools.search, query, between),
    logger: parts.logger,
  });
}
