import type { Cluster, Redis } from 'ioredis';

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
