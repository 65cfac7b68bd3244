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
}): LiveSubscriber {
  const { target, commands, keys, name, logger } = options;
  const listeners: LiveHandlers[] = [];
  const handlers: LiveHandlers = {
    onMessage(channel, message) {
      for (const listener of listeners) listener.onMessage(channel, message);
    },
    onGap(channels) {
      for (const listener of listeners) listener.onGap(channels);
    },
  };
  const connectTo = (node?: string): Redis => createSubscriberConnection(target, name, logger, node);
  const subscriptions =
    commands instanceof Cluster
      ? createClusterSubscriber({
          cluster: commands,
          connectTo,
          handlers,
          isSharded: (channel) => channel !== keys.monitoringChanged,
        })
      : createConnectionSubscriber(connectTo(), handlers);
  return { ...subscriptions, listen: (listener) => void listeners.push(listener) };
}
