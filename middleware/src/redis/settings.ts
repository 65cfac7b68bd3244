import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { retryDelayMs } from '../record/time';

/** Of a connection. */
export const reconnectDelayMs = (times: number): number => retryDelayMs(times, 1000);

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
  retryStrategy: reconnectDelayMs,
  // After a failover the old primary answers READONLY until somebody reconnects.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  // With sentinels. An old primary that lives takes writes for some 10 s more, and they are lost when it becomes a
  // replica; so the sentinels are listened to.
  failoverDetector: true,
  // Between two rounds through the sentinels a timer of ioredis would hold the process; see `connectForGood`.
  sentinelRetryStrategy: () => undefined,
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
 * Connects, and connects again when the client has ended by itself: ioredis gives up for good when no sentinel answers, or
 * when one tells of a failover while it is asked who the primary is. None of it holds the process.
 *
 * @returns leaves it ended from now on
 */
export function connectForGood(client: Redis): () => void {
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  const onReady = (): void => {
    failures = 0;
  };
  const onEnd = (): void => {
    failures += 1;
    timer = setTimeout(connect, reconnectDelayMs(failures), client);
    timer.unref();
  };
  client.on('ready', onReady);
  client.on('end', onEnd);
  unrefClient(client);
  connect(client);
  return () => {
    client.off('ready', onReady);
    client.off('end', onEnd);
    clearTimeout(timer);
  };
}

/** Longer than `disconnectTimeout`. */
const DISCONNECTED_MS = 200;

/** Closes the connection, and resolves when it is closed, or has had the time to be. */
export function disconnect(client: Redis | Cluster): Promise<void> {
  const isOpen = ['connecting', 'connect', 'ready'].includes(client.status);
  return new Promise((resolve) => {
    if (isOpen) {
      const timer = setTimeout(resolve, DISCONNECTED_MS);
      client.once('end', () => {
        clearTimeout(timer);
        resolve();
      });
    } else resolve();
    client.disconnect();
  });
}

/** Parts of ioredis (5 and 6 alike) that hold the process and have no option. Where one is missing, nothing happens. */
interface Timer {
  unref?(): unknown;
}
interface Inner {
  stream?: Timer | null;
  reconnectTimeout?: Timer | null;
  socketTimeoutTimer?: Timer | null;
  connector?: {
    disconnectTimeout?: number;
    /** Of a connection by Sentinel: makes the ones that ask and listen to a sentinel. */
    connectToSentinel?: (...args: unknown[]) => Redis;
  };
}

const innerOf = (client: Redis | Cluster): Inner => client as unknown as Inner;
const timerOf = (command: object): Timer | undefined =>
  (command as { _commandTimeoutTimer?: Timer })._commandTimeoutTimer;

/**
 * Keeps a connection from holding the process: its socket, the timers of its commands and of its next attempt, and the
 * sentinels that it listens to. ioredis has no option for that. A socket that is just connecting holds the process all
 * the same, for `connectTimeout` at most.
 *
 * Call it before the client connects.
 */
export function unrefClient(client: Redis): void {
  const inner = innerOf(client);
  const unrefSocket = (): void => {
    inner.stream?.unref?.();
    inner.socketTimeoutTimer?.unref?.();
  };
  // The socket is made two ticks after the event.
  client.on('connecting', () => setImmediate(unrefSocket));
  client.on('connect', unrefSocket);
  client.on('reconnecting', () => inner.reconnectTimeout?.unref?.());
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    const sent = send(command, stream);
    timerOf(command)?.unref?.();
    inner.socketTimeoutTimer?.unref?.();
    return sent;
  };
  unrefSentinels(inner);
}

/** After an attempt that failed, a timer of this length holds the process; ioredis would have it stand for 2 s. */
const SENTINEL_DISCONNECT_MS = 50;

function unrefSentinels({ connector }: Inner): void {
  if (connector?.connectToSentinel === undefined) return;
  const connectToSentinel = connector.connectToSentinel.bind(connector);
  connector.connectToSentinel = (...args) => {
    const sentinel = connectToSentinel(...args);
    unrefClient(sentinel);
    const own = innerOf(sentinel).connector;
    if (own !== undefined) own.disconnectTimeout = SENTINEL_DISCONNECT_MS;
    return sentinel;
  };
}

/** The same for a cluster's client and each of its nodes. */
export function unrefCluster(cluster: Cluster): void {
  cluster.on('+node', unrefClient);
  cluster.on('reconnecting', () => innerOf(cluster).reconnectTimeout?.unref?.());
}
