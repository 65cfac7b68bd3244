import { REDIS_POLICY, type RedisKeys } from '@flow-tracking/protocol';
import type { Cluster, Redis } from 'ioredis';
import type { Sink } from '../record/batch';
import type { Logger, Warn } from '../record/logger';
import { createClient, type RedisOption } from './clients';
import { type MonitoringSet, MonitoringSync } from './monitoring';
import { connect, disconnect, keepConnected, singleOptions, unrefCluster } from './settings';
import { createRedisSink, logConnection, logWrites } from './sink';

const HEARTBEAT_MS = 30_000;

/**
 * Makes the two connections of a process: one writes and one listens. `open` starts to connect and does not wait.
 *
 * With a cluster, the one that listens is a plain connection to any node, because PUBLISH reaches all nodes. After each loss it
 * is a new one. The subscriber of ioredis would ask dead nodes without a pause, and would not notice one that hangs.
 *
 * @param onSubscriber gets each connection for Pub/Sub before it connects
 */
function createConnections(redis: RedisOption, warn: Warn, onSubscriber: (subscriber: Redis) => void) {
  const tellErrors = <Client extends Redis | Cluster>(client: Client, role: 'writer' | 'subscriber'): Client => {
    const onError = (error: Error): void => {
      warn('redis_unreachable', `No connection to Redis (${role}); trying again`, { error });
    };
    // Without a listener an `error` event ends the process.
    client.on('error', onError);
    client.on('node error', onError);
    return client;
  };
  const writer = tellErrors(createClient(redis), 'writer');
  let subscriber: Redis | undefined;
  const listenOn = (client: Redis): Redis => {
    subscriber = tellErrors(client, 'subscriber');
    onSubscriber(subscriber);
    return subscriber;
  };
  const stops: (() => void)[] = [];

  function openCluster(cluster: Cluster): void {
    const anyNode = (): Redis | undefined => {
      const nodes = cluster.nodes('master');
      const node = nodes[Math.floor(Math.random() * nodes.length)];
      return node && listenOn(node.duplicate({ ...singleOptions, retryStrategy: null }));
    };
    const refresh = setInterval(() => {
      if (cluster.status === 'ready') cluster.refreshSlotsCache();
    }, REDIS_POLICY.slotsRefreshMs).unref();
    let isClosed = false;
    stops.push(() => {
      isClosed = true;
      clearInterval(refresh);
    });
    unrefCluster(cluster);
    // The nodes are known by then.
    cluster.once('ready', () => {
      if (!isClosed) stops.push(keepConnected(anyNode));
    });
    connect(cluster);
  }

  function openSingle(client: Redis): void {
    const listener = listenOn(createClient(redis) as Redis);
    stops.push(
      keepConnected(() => client),
      keepConnected(() => listener),
    );
  }

  return {
    writer,
    open(): void {
      if (writer.isCluster) openCluster(writer as Cluster);
      else openSingle(writer as Redis);
    },
    /** Resolves when they are closed. */
    async close(): Promise<void> {
      for (const stop of stops) stop();
      await Promise.all([writer, ...(subscriber === undefined ? [] : [subscriber])].map(disconnect));
    },
  };
}

export interface RedisSideOptions {
  readonly redis: RedisOption;
  readonly keys: RedisKeys;
  /** The stream of this process. */
  readonly partition: number;
  readonly streamBytes: number;
  /** What the flow ids of the process have in common (`flowIdProcess`). */
  readonly process: string;
  readonly monitoring: MonitoringSet;
  readonly logger: Logger;
  readonly warn: Warn;
  readonly onReady: () => void;
  /** An attempt to connect has failed. */
  readonly onUnreachable: () => void;
}

/**
 * Writes to Redis, now and every 30 s, that this process is alive. When a process falls silent, the bridge marks its running
 * flows as lost.
 */
function startHeartbeat(writer: Redis | Cluster, keys: RedisKeys, process: string): () => void {
  const beat = (): void => {
    // A beat that fails does no harm: the next one comes soon, and a flow that was marked lost recovers with its next event.
    if (writer.status === 'ready') writer.zadd(keys.processes, Date.now(), process).catch(() => undefined);
  };
  writer.on('ready', beat);
  const timer = setInterval(beat, HEARTBEAT_MS).unref();
  return () => {
    writer.off('ready', beat);
    clearInterval(timer);
  };
}

/** Makes everything that a process does with Redis. Starts to connect and does not wait. */
export function createRedisSide(options: RedisSideOptions) {
  const { keys, logger, warn, onReady, onUnreachable } = options;
  const connections = createConnections(options.redis, warn, (subscriber) => sync.listen(subscriber));
  const { writer } = connections;
  const sync = new MonitoringSync(writer, keys, options.monitoring, warn);
  const stopHeartbeat = startHeartbeat(writer, keys, options.process);
  logConnection(writer, logger);
  let wasReady = false;
  writer.on('ready', () => {
    wasReady = true;
    onReady();
  });
  const onLost = (): void => {
    if (!wasReady) onUnreachable();
    wasReady = false;
  };
  writer.on('close', onLost);
  // Comes without a `close` when no sentinel has answered.
  writer.on('end', onLost);
  connections.open();
  const sink: Sink = logWrites(createRedisSink(writer, options), logger, keys);
  return {
    sink,
    isConnected: (): boolean => writer.status === 'ready',
    async close(): Promise<void> {
      sync.close();
      stopHeartbeat();
      await connections.close();
    },
  };
}
