import type { RedisKeys } from '@flow-tracking/protocol';
import { type Cluster, Redis, type RedisOptions } from 'ioredis';
import { FlowTrackingError } from '../errors';
import type { Logger, Warn } from '../record/logger';
import type { Sink } from '../record/batch';
import type { MonitoringSet } from '../redis/monitoring';
import { clusterConnections, createCluster, duplicateCluster } from './cluster';
import { MonitoringSync } from './monitoring';
import { connectForGood, disconnect, singleOptions } from './settings';
import { createRedisSink, logConnection, logWrites } from './sink';

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

export interface RedisSideOptions {
  readonly redis: RedisOption;
  readonly keys: RedisKeys;
  /** The stream of this process. */
  readonly partition: number;
  readonly streamBytes: number;
  /** What the process' flow ids have in common (`flowIdProcess`). */
  readonly process: string;
  readonly monitoring: MonitoringSet;
  readonly logger: Logger;
  readonly warn: Warn;
}

/** All that a process has to do with Redis. */
export interface RedisSide {
  readonly sink: Sink;
  readonly isConnected: () => boolean;
  /** Starts to connect, without waiting. `onUnreachable`: an attempt to connect has failed. */
  open(listener: { onReady: () => void; onUnreachable: () => void }): void;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 30_000;

/**
 * Tells in Redis, now and every 30 s, that this process lives. Of one that falls silent the bridge marks the running flows
 * as lost.
 */
function startHeartbeat(writer: Redis | Cluster, keys: RedisKeys, process: string): () => void {
  const beat = (): void => {
    // Away, or hung: the next beat comes in time, and a flow that is taken for lost is found again by its next event.
    if (writer.status === 'ready') writer.zadd(keys.processes, Date.now(), process).catch(() => undefined);
  };
  writer.on('ready', beat);
  const timer = setInterval(beat, HEARTBEAT_MS);
  timer.unref();
  return () => {
    writer.off('ready', beat);
    clearInterval(timer);
  };
}

/** Makes the connections, none of which is opened yet, and what goes over them. */
export function createRedisSide(options: RedisSideOptions): RedisSide {
  const { keys, monitoring, logger, warn } = options;
  const connections = createConnections(options.redis, warn);
  const { writer } = connections;
  const sync = new MonitoringSync({ writer, keys, monitoring, warn });
  let stopHeartbeat = (): void => undefined;
  return {
    sink: logWrites(createRedisSink(writer, options), logger, keys),
    isConnected: () => writer.status === 'ready',
    open({ onReady, onUnreachable }) {
      sync.start();
      stopHeartbeat = startHeartbeat(writer, keys, options.process);
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
      // Without a `close` before it: no sentinel has answered.
      writer.on('end', onLost);
      connections.open((subscriber) => {
        sync.listen(subscriber);
      });
    },
    async close() {
      sync.close();
      stopHeartbeat();
      await connections.close();
    },
  };
}
