import { Redis, type RedisOptions } from 'ioredis';
import { FlowTrackingError } from './errors';
import type { Warn } from './logger';

/**
 * A client of ioredis (5 or 6) that the application has already. It is only asked for its configuration: writer and
 * subscriber get connections of their own, so that neither side's commands wait for, or fail with, the other's.
 */
export interface RedisClient {
  // No narrower: the versions' own options do not fit each other.
  duplicate(override?: object): unknown;
}

const MAX_RETRY_MS = 1000;

const shared = {
  lazyConnect: true,
  // Names in Redis are the protocol's, whatever prefix the application gives its own.
  keyPrefix: '',
  replyMapping: 'legacy',
  connectTimeout: 2000,
  retryStrategy: (times: number) => Math.min(MAX_RETRY_MS, 50 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2),
  // After a failover the old primary answers READONLY until somebody reconnects.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  // With sentinels. An old primary that lives takes writes for some 10 s more, and they are lost when it becomes a
  // replica; so the sentinels are listened to.
  failoverDetector: true,
  // A sentinel that hangs must not keep the others from being asked.
  sentinelCommandTimeout: 2000,
  maxRetriesPerRequest: 0,
  // `commandTimeout` settles the command; `socketTimeout` drops the connection of a Redis that hangs, and with it what
  // the client holds for it.
  commandTimeout: 2000,
  socketTimeout: 3000,
  // Without it a Redis that is away collects commands in memory.
  enableOfflineQueue: false,
  // After `close` a timer of this length stands, for a connection that is gone already, too, and keeps the process
  // alive. By then all is written or given up.
  disconnectTimeout: 100,
  // The subscriber subscribes by itself, before it reads what it may have missed.
  autoResubscribe: false,
} satisfies RedisOptions;

function isClient(value: RedisOptions | RedisClient): value is RedisClient {
  return typeof (value as Partial<RedisClient>).duplicate === 'function';
}

/** Opens nothing yet: the connection starts with {@link connect}. */
export function createConnection(
  redis: string | RedisOptions | RedisClient,
  role: 'writer' | 'subscriber',
  warn: Warn,
): Redis {
  let client: Redis;
  if (typeof redis === 'string') client = new Redis(redis, shared);
  else if (isClient(redis)) {
    if ((redis as { isCluster?: unknown }).isCluster === true) {
      throw new FlowTrackingError(
        'unsupported_client',
        'option redis: expected a URL, options or a client of a single Redis, got a client of a cluster',
      );
    }
    client = redis.duplicate(shared) as Redis;
  } else client = new Redis({ ...redis, ...shared });
  // Without a listener an `error` event ends the process.
  client.on('error', (error: Error) => {
    warn('redis_unreachable', `No connection to Redis (${role}); trying again`, { error });
  });
  return client;
}

/** Starts the connection, and leaves it to the retry strategy when the first try fails. */
export function connect(client: Redis): void {
  client.connect().catch(() => undefined);
}
