import type { RedisKeys } from '@flow-tracking/protocol';
import { Cluster } from 'ioredis';
import type { RedisTarget } from '../config';
import type { Logger } from '../platform/logger';
import { createSubscriberConnection, type Redis, type RedisClient } from '../platform/redis/client';
import { createClusterSubscriber } from './cluster-subscriber';
import { createConnectionSubscriber, type LiveHandlers, type LiveSubscriber } from './connection-subscriber';

/** Makes the subscriptions of a bridge, by one connection, or on a cluster by one to each node that is needed. */
export function createLiveSubscriber(options: {
  target: RedisTarget;
  commands: RedisClient;
  keys: RedisKeys;
  /** Of its connections, as CLIENT LIST shows it. */
  name: string;
  logger: Logger;
  handlers: LiveHandlers;
}): LiveSubscriber {
  const { target, commands, keys, name, logger, handlers } = options;
  const connectTo = (node?: string): Redis => createSubscriberConnection(target, name, logger, node);
  if (!(commands instanceof Cluster)) return createConnectionSubscriber(connectTo(), handlers);
  return createClusterSubscriber({
    cluster: commands,
    connectTo,
    handlers,
    isSharded: (channel) => channel !== keys.monitoringChanged,
  });
}
