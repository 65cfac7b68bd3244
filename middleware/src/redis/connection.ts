import { Redis, type Cluster, type RedisOptions } from 'ioredis';
import { FlowTrackingError } from '../errors';
import type { Warn } from '../record/logger';
import { clusterConnections, createCluster, duplicateCluster } from './cluster';
import { connectForGood, disconnect, singleOptions } from './settings';

/**
 * A client of ioredis (5 or 6), of a single Redis or of a cluster, that the application has already. It is only asked for
 * its configuration: writer and subscriber get connections of their own, so that neither side's commands wait for, or fail
 * with, the other's.
 */
export interface RedisClient {
  // No narrower: the versions' own options do not fit each other, and a cluster's client has the nodes first.
  duplicate(override?: object): unknown;
}

/** What the option `redis` may be. A list of URLs: nodes of a cluster to start with. */
export type RedisOption = string | readonly string[] | RedisOptions | RedisClient;

export interface RedisConnections {
  readonly writer: Redis | Cluster;
  /**
   * Starts to connect, without waiting.
   *
   * @param onSubscriber gets each connection for Pub/Sub before it connects: a cluster's is another one after each loss
   */
  open(onSubscriber: (subscriber: Redis) => void): void;
  /** Resolves when they are closed. */
  close(): Promise<void>;
}

function isClient(value: RedisOptions | RedisClient): value is RedisClient {
  return typeof (value as Partial<RedisClient>).duplicate === 'function';
}

/** Those of node-redis can be duplicated, too. */
function asOurs(client: unknown): Redis {
  if (typeof (client as Partial<Redis>).pipeline === 'function') return client as Redis;
  throw new FlowTrackingError('unsupported_client', 'option redis: expected a client of ioredis, got another client');
}

function createSingle(redis: string | RedisOptions | RedisClient): Redis {
  if (typeof redis === 'string') return new Redis(redis, singleOptions);
  return isClient(redis) ? asOurs(redis.duplicate(singleOptions)) : new Redis({ ...redis, ...singleOptions });
}

function isUrls(redis: RedisOption): redis is readonly string[] {
  return Array.isArray(redis);
}

function isCluster(redis: unknown): redis is Cluster {
  return (redis as Partial<Cluster>).isCluster === true;
}

/** Makes the connections, none of which is opened yet. */
export function createConnections(redis: RedisOption, warn: Warn): RedisConnections {
  const onError = (role: 'writer' | 'subscriber', error: Error): void => {
    warn('redis_unreachable', `No connection to Redis (${role}); trying again`, { error });
  };
  if (isUrls(redis)) return clusterConnections(createCluster(redis), onError);
  if (isCluster(redis)) return clusterConnections(duplicateCluster(redis), onError);
  const writer = createSingle(redis);
  const subscriber = createSingle(redis);
  // Without a listener an `error` event ends the process.
  writer.on('error', (error: Error) => onError('writer', error));
  subscriber.on('error', (error: Error) => onError('subscriber', error));
  let leave: (() => void)[] = [];
  return {
    writer,
    open(onSubscriber) {
      onSubscriber(subscriber);
      leave = [writer, subscriber].map(connectForGood);
    },
    async close() {
      for (const leaveEnded of leave) leaveEnded();
      await Promise.all([writer, subscriber].map(disconnect));
    },
  };
}
