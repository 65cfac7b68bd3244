import calculateSlot from 'cluster-key-slot';
import type { Cluster } from 'ioredis';
import type { Redis } from '../platform/redis/client';
import {
  createConnectionSubscriber,
  type ConnectionSubscriber,
  type LiveHandlers,
  type Subscriptions,
} from './connection-subscriber';

/**
 * Subscriptions on a cluster: each channel on the node that has its slot, by one connection to each node that is needed.
 * When slots move or a node is lost, its channels follow to the node that has them now, and the gap is told.
 *
 * @param cluster knows where the slots are
 * @param connectTo makes the connection to a node, `host:port`, which tries again and again
 * @param isSharded which channels are published by SPUBLISH; the others reach every node
 */
export function createClusterSubscriber(options: {
  cluster: Cluster;
  connectTo: (node: string) => Redis;
  handlers: LiveHandlers;
  isSharded: (channel: string) => boolean;
}): Subscriptions {
  const { cluster, connectTo, handlers, isSharded } = options;
  /** Channel → the node that it is subscribed to on; none while no node is known to have its slot. */
  const homes = new Map<string, string | undefined>();
  const nodes = new Map<string, ConnectionSubscriber>();

  const ownerOf = (channel: string): string | undefined => cluster.slots[calculateSlot(channel)]?.[0];

  const subscriberOf = (node: string): ConnectionSubscriber => {
    let subscriber = nodes.get(node);
    if (subscriber === undefined) {
      const redis = connectTo(node);
      // Either means that another node may have the slots.
      redis.on('close', () => nodes.has(node) && cluster.refreshSlotsCache());
      redis.on('moved', () => cluster.refreshSlotsCache());
      subscriber = createConnectionSubscriber(redis, handlers, isSharded);
      nodes.set(node, subscriber);
      subscriber.open();
    }
    return subscriber;
  };

  const leave = (channel: string): void => {
    const home = homes.get(channel);
    const subscriber = home === undefined ? undefined : nodes.get(home);
    if (home === undefined || subscriber === undefined) return;
    void subscriber.unsubscribe(channel);
    if (subscriber.size > 0) return;
    nodes.delete(home);
    subscriber.close();
  };

  /** Takes the channels whose slots have another node than before to that one. */
  const follow = (): void => {
    const moved = new Map<string, string[]>();
    for (const [channel, home] of homes) {
      const owner = ownerOf(channel);
      if (owner === undefined || owner === home) continue;
      leave(channel);
      homes.set(channel, owner);
      moved.set(owner, [...(moved.get(owner) ?? []), channel]);
    }
    for (const [node, channels] of moved) {
      const subscriber = subscriberOf(node);
      // Told at once where the connection is new, and again by it as soon as it is there.
      void Promise.all(channels.map((channel) => subscriber.subscribe(channel))).then(() => handlers.onGap(channels));
    }
  };
  cluster.on('refresh', follow);

  return {
    async subscribe(channel) {
      if (homes.has(channel)) return;
      const owner = ownerOf(channel);
      homes.set(channel, owner);
      if (owner !== undefined) await subscriberOf(owner).subscribe(channel);
    },
    async unsubscribe(channel) {
      leave(channel);
      homes.delete(channel);
      return Promise.resolve();
    },
    open() {
      // The cluster's client is opened by who made it.
    },
    close() {
      cluster.off('refresh', follow);
      for (const subscriber of nodes.values()) subscriber.close();
      nodes.clear();
      homes.clear();
    },
  };
}
