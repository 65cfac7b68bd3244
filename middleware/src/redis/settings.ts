import { REDIS_POLICY } from '@flow-tracking/protocol';
import type { Cluster, Redis, RedisOptions } from 'ioredis';

/** For each connection, to a single Redis or to a node of a cluster. */
export const connectionOptions = {
  ...REDIS_POLICY.connection,
  // The protocol names the keys. A prefix of the application must not change them.
  keyPrefix: '',
  replyMapping: 'legacy',
  // `commandTimeout` settles the command; `socketTimeout` drops the connection of a Redis that hangs, and with it what
  // the client holds for it.
  commandTimeout: REDIS_POLICY.commandMs,
  socketTimeout: 3000,
  // ioredis starts a timer of this length at `close`, even for a connection that has gone, and it keeps the process alive.
  // Everything is written or given up by then.
  disconnectTimeout: 100,
} satisfies RedisOptions;

export const singleOptions = {
  ...REDIS_POLICY.single,
  ...connectionOptions,
  ...REDIS_POLICY.sentinel,
  // Else a timer of ioredis would hold the process between two rounds through the sentinels; see `keepConnected`.
  sentinelRetryStrategy: () => undefined,
} satisfies RedisOptions;

/** Starts the connection. When the first try fails, the retry strategy takes over. */
export function connect(client: Redis | Cluster): void {
  client.connect().catch(() => undefined);
}

/**
 * Connects the client that `next` gives. When that client ends by itself, it asks `next` again, and waits longer each time.
 * ioredis ends a client for good when no sentinel answers, or when a sentinel reports a failover while it is asked for the
 * primary. Nothing of this holds the process.
 *
 * @param next may give the same client again; undefined: there is none now
 * @returns stops reconnecting
 */
export function keepConnected(next: () => Redis | undefined): () => void {
  let client: Redis | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let isStopped = false;
  const connectLater = (): void => {
    if (isStopped) return;
    failures += 1;
    timer = setTimeout(connectNext, REDIS_POLICY.reconnectMs(failures)).unref();
  };
  const connectNext = (): void => {
    const following = next();
    if (following === undefined) {
      connectLater();
      return;
    }
    if (following !== client) {
      client = following;
      client.on('ready', () => (failures = 0));
      client.on('end', connectLater);
      unrefClient(client);
    }
    connect(client);
  };
  connectNext();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** Longer than `disconnectTimeout`. */
const DISCONNECTED_MS = 200;

/** Closes the connection. Resolves when it is closed, or after a short time. */
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

/** Parts of ioredis 5 and 6 that hold the process and have no option. If one is missing, nothing happens. */
interface Timer {
  unref?(): unknown;
}
interface Inner {
  stream?: Timer | null;
  reconnectTimeout?: Timer | null;
  socketTimeoutTimer?: Timer | null;
  connector?: {
    disconnectTimeout?: number;
    /** With Sentinel: makes the connections that ask a sentinel and listen to it. */
    connectToSentinel?: (...args: unknown[]) => Redis;
  };
}

const innerOf = (client: Redis | Cluster): Inner => client as unknown as Inner;
const timerOf = (command: object): Timer | undefined =>
  (command as { _commandTimeoutTimer?: Timer })._commandTimeoutTimer;

/**
 * Keeps a connection from holding the process: its socket, the timers of its commands and of its next attempt, and its
 * connections to sentinels. ioredis has no option for that. A socket that is connecting still holds the process, for
 * `connectTimeout` at most.
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

/** A timer of this length holds the process after a failed attempt. The default of ioredis is 2 s. */
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

/** Does the same for a cluster's client and each of its nodes. */
export function unrefCluster(cluster: Cluster): void {
  cluster.on('+node', unrefClient);
  cluster.on('reconnecting', () => innerOf(cluster).reconnectTimeout?.unref?.());
}
