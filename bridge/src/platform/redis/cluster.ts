import { REDIS_POLICY } from '@flow-tracking/protocol';
import { Cluster, type RedisOptions } from 'ioredis';

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
): Cluster {
  return new PromptCluster([...urls], {
    ...REDIS_POLICY.cluster,
    redisOptions,
    slotsRefreshInterval: REDIS_POLICY.slotsRefreshMs,
  });
}
