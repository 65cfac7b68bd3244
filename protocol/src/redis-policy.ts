import { backOffMs, type BackOffRange } from './back-off';

/** A command that Redis has not answered by then is given up, and so is an attempt to connect. */
const COMMAND_MS = 2_000;
const RECONNECT: BackOffRange = { firstMs: 100, maxMs: 1_000 };

const reconnectMs = (failures: number): number => backOffMs(failures, RECONNECT);

/** Of each connection, to a single Redis or to a node of a cluster. */
const connection = {
  connectTimeout: COMMAND_MS,
  // The caller says whether to try again, and waits longer each time.
  maxRetriesPerRequest: 0,
  // A subscriber subscribes by itself, because it must know of the gap.
  autoResubscribe: false,
} as const;

/**
 * How clients treat Redis: the same in the middleware and in the bridge. The options have the names of ioredis. This package
 * does not depend on it; those who use them check them against its types.
 */
export const REDIS_POLICY = {
  commandMs: COMMAND_MS,
  /** @param failures in a row, 1 after the first */
  reconnectMs,
  connection,
  single: {
    ...connection,
    lazyConnect: true,
    retryStrategy: reconnectMs,
    // After a failover the old primary answers READONLY until somebody reconnects.
    reconnectOnError: (error: Error): boolean => error.message.startsWith('READONLY'),
    // A Redis that is away would collect commands in memory.
    enableOfflineQueue: false,
  },
  sentinel: {
    // An old primary that lives takes writes for some 10 s more, and they are lost when it becomes a replica. It tells its
    // subscribers nothing. So the sentinels are listened to.
    failoverDetector: true,
    // A sentinel that hangs must not keep the others from being asked.
    sentinelCommandTimeout: COMMAND_MS,
  },
  cluster: {
    lazyConnect: true,
    clusterRetryStrategy: reconnectMs,
    // The next command asks again for a node that is gone: another may have its slots.
    clusterNodeRetryStrategy: null,
    // The caller says whether to try again, and waits longer each time.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Each sends a whole pipeline again, until the client has read anew where the slots are.
    maxRedirections: 5,
    // Off, it would also refuse what is for a node whose connection is just being made.
    enableOfflineQueue: true,
    // A replica can be behind.
    scaleReads: 'master',
    shardedSubscribers: false,
  },
  /** How often a cluster is asked where its slots are: a move that no command has run into is seen then. */
  slotsRefreshMs: 5_000,
} as const;
