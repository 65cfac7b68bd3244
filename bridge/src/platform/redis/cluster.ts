import { Cluster, type RedisOptions } from 'ioredis';

/** A move of slots that no command has run into is seen after this time. */
const SLOTS_REFRESH_MS = 5_000;

/** The client of ioredis queues what is sent to a cluster that is away, with no limit and no timeout; this one refuses it. */
class PromptCluster extends Cluster {
  override sendCommand(...[command, stream, node]: Parameters<Cluster['sendCommand']>): unknown {
    // CLUSTER commands are how it finds out about the nodes.
    if (this.status === 'ready' || command.name === 'cluster') return super.sendCommand(command, stream, node);
    command.reject(new Error('The Redis Cluster can not be reached'));
    return command.promise;
  }
}

/**
 * Makes a client of a cluster that connects to a node when the first command for it comes. The nodes name each other by
 * address alone, so all get the same credentials.
 *
 * @param urls of nodes to start with, at least one
 */
export function createCluster(
  urls: readonly string[],
  { db: _db, ...redisOptions }: Omit<RedisOptions, 'replyMapping'>,
  retryDelayMs: (attempt: number) => number,
): Cluster {
  return new PromptCluster([...urls], {
    lazyConnect: true,
    redisOptions,
    clusterRetryStrategy: retryDelayMs,
    // A node that is gone is asked for again by the next command: another may have its slots.
    clusterNodeRetryStrategy: null,
    // Whether to try again is the caller's to say, who waits longer each time.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    maxRedirections: 5,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // Off, it would also refuse what is for a node whose connection is just being made.
    enableOfflineQueue: true,
    // A replica can be behind.
    scaleReads: 'master',
    shardedSubscribers: false,
  });
}
