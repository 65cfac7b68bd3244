import { Cluster, Redis, type ClusterOptions } from 'ioredis';
import {
  connect,
  connectionOptions,
  disconnect,
  reconnectDelayMs,
  singleOptions,
  unrefClient,
  unrefCluster,
} from './settings';

/** How often it is asked anew where the slots are. */
const REFRESH_MS = 5000;

const clusterOptions = {
  lazyConnect: true,
  keyPrefix: '',
  clusterRetryStrategy: reconnectDelayMs,
  // Its timer would hold the process; ours does not.
  slotsRefreshInterval: 0,
  // A node that is gone is asked for again by the next command: it may have become another.
  clusterNodeRetryStrategy: null,
  // Whether to try again is the recorder's to say, which waits longer each time.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  // Each sends a whole pipeline again, until the client has read anew where the slots are.
  maxRedirections: 5,
  // Off, it would also refuse what is for a node whose connection is just being made. It is bounded without: nothing is
  // sent unless the cluster is ready, then one batch at a time, and a node's queue goes with its connection.
  enableOfflineQueue: true,
  // A replica may not have the grant yet that we have just been told of.
  scaleReads: 'master',
  // An application's own, for what it does itself.
  enableAutoPipelining: false,
  shardedSubscribers: false,
} satisfies ClusterOptions;

/** @param urls of nodes to start with, at least one */
export function createCluster(urls: readonly string[]): Cluster {
  // The nodes name each other by address alone, so all get what the first URL has beside it.
  const { username, password, tls } = new Redis(urls[0] ?? '', singleOptions).options;
  const redisOptions = { ...connectionOptions, username, password, tls };
  return new Cluster([...urls], { ...clusterOptions, redisOptions });
}

export function duplicateCluster(client: Cluster): Cluster {
  // Merged here, because ioredis 5 takes either these or those.
  const redisOptions = { ...client.options.redisOptions, ...connectionOptions };
  return client.duplicate([], { ...clusterOptions, redisOptions });
}

/**
 * Makes the connections to a cluster: the client of it that writes, and a plain connection to any of its nodes that listens,
 * since PUBLISH goes to all. The subscriber of ioredis' own client would ask dead nodes without a pause, and not notice one
 * that hangs.
 */
export function clusterConnections(writer: Cluster, onError: (role: 'writer' | 'subscriber', error: Error) => void) {
  let subscriber: Redis | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let isClosed = false;
  const refresh = setInterval(() => {
    if (writer.status === 'ready') writer.refreshSlotsCache();
  }, REFRESH_MS);
  refresh.unref();
  unrefCluster(writer);

  // Without a listener an `error` event ends the process.
  writer.on('error', (error: Error) => {
    onError('writer', error);
  });
  writer.on('node error', (error: Error) => {
    onError('writer', error);
  });

  function listen(onSubscriber: (subscriber: Redis) => void): void {
    if (isClosed) return;
    const nodes = writer.nodes('master');
    const node = nodes[Math.floor(Math.random() * nodes.length)];
    if (node === undefined) {
      listenLater(onSubscriber);
      return;
    }
    subscriber = node.duplicate({ ...singleOptions, retryStrategy: null });
    subscriber.on('error', (error: Error) => {
      onError('subscriber', error);
    });
    subscriber.on('ready', () => {
      failures = 0;
    });
    subscriber.once('end', () => {
      listenLater(onSubscriber);
    });
    onSubscriber(subscriber);
    unrefClient(subscriber);
    connect(subscriber);
  }

  function listenLater(onSubscriber: (subscriber: Redis) => void): void {
    if (isClosed) return;
    failures += 1;
    timer = setTimeout(listen, reconnectDelayMs(failures), onSubscriber);
    timer.unref();
  }

  return {
    writer,
    open(onSubscriber: (subscriber: Redis) => void): void {
      // The nodes are known by then.
      writer.once('ready', () => {
        listen(onSubscriber);
      });
      connect(writer);
    },
    async close(): Promise<void> {
      isClosed = true;
      clearTimeout(timer);
      clearInterval(refresh);
      const clients = subscriber === undefined ? [writer] : [writer, subscriber];
      await Promise.all(clients.map(disconnect));
    },
  };
}
