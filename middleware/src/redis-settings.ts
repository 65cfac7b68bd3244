import type { Cluster, Redis, RedisOptions } from 'ioredis';

const MAX_RETRY_MS = 1000;

export const retryDelayMs = (times: number): number =>
  Math.min(MAX_RETRY_MS, 50 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2);

/** Of each connection, be it to a single Redis or to a node of a cluster. */
export const connectionOptions = {
  // Names in Redis are the protocol's, whatever prefix the application gives its own.
  keyPrefix: '',
  replyMapping: 'legacy',
  connectTimeout: 2000,
  maxRetriesPerRequest: 0,
  // `commandTimeout` settles the command; `socketTimeout` drops the connection of a Redis that hangs, and with it what
  // the client holds for it.
  commandTimeout: 2000,
  socketTimeout: 3000,
  // After `close` a timer of this length stands, for a connection that is gone already, too, and keeps the process
  // alive. By then all is written or given up.
  disconnectTimeout: 100,
  // The subscriber subscribes by itself, before it reads what it may have missed.
  autoResubscribe: false,
} satisfies RedisOptions;

export const singleOptions = {
  ...connectionOptions,
  lazyConnect: true,
  retryStrategy: retryDelayMs,
  // After a failover the old primary answers READONLY until somebody reconnects.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  // With sentinels. An old primary that lives takes writes for some 10 s more, and they are lost when it becomes a
  // replica; so the sentinels are listened to.
  failoverDetector: true,
  // A sentinel that hangs must not keep the others from being asked.
  sentinelCommandTimeout: 2000,
  // Without it a Redis that is away collects commands in memory.
  enableOfflineQueue: false,
} satisfies RedisOptions;

/** Starts the connection, and leaves it to the retry strategy when the first try fails. */
export function connect(client: Redis | Cluster): void {
  client.connect().catch(() => undefined);
}

/**
 * Connects, and connects again when the client has ended by itself: ioredis gives up for good when a sentinel tells of a
 * failover while it asks one who the primary is.
 *
 * @returns leaves it ended from now on
 */
export function connectForGood(client: Redis): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onEnd = (): void => {
    timer = setTimeout(connect, retryDelayMs(1), client);
  };
  client.on('end', onEnd);
  connect(client);
  return () => {
    client.off('end', onEnd);
    clearTimeout(timer);
  };
}
