import type { Cluster, Redis } from 'ioredis';

/** Parts of ioredis (5 and 6 alike) that hold the process and have no option. Where one is missing, nothing happens. */
interface Timer {
  unref?(): unknown;
}
interface Inner {
  stream?: Timer | null;
  reconnectTimeout?: Timer | null;
  socketTimeoutTimer?: Timer | null;
  connector?: { failoverDetector?: { sentinels?: readonly { client: Redis }[] } | null };
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
    for (const sentinel of inner.connector?.failoverDetector?.sentinels ?? []) unrefClient(sentinel.client);
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
}

/** The same for a cluster's client and each of its nodes. */
export function unrefCluster(cluster: Cluster): void {
  cluster.on('+node', unrefClient);
  cluster.on('reconnecting', () => innerOf(cluster).reconnectTimeout?.unref?.());
}
