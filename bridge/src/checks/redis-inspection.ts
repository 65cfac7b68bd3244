import { EVENTS_FIELD, type FlowEvent, type RedisKeys } from '@flow-tracking/protocol';
import { Cluster } from 'ioredis';
import type { RedisClient } from '../platform/redis/client';

/** How one stream stands. */
export interface StreamFacts {
  name: string;
  exists: boolean;
  /** Of the bridges' group; undefined: there is none. */
  group: { consumers: number; pending: number } | undefined;
}

/** What the checks ask of Redis, and do to it. Everything rejects while Redis is away. */
export interface RedisInspection {
  ping(): Promise<void>;
  info(): Promise<string>;
  exists(key: string): Promise<number>;
  /** @throws also when the key holds something else */
  stream(partition: number): Promise<StreamFacts>;
  deadLetters(): Promise<number>;
  /** Its time, epoch ms. */
  clock(): Promise<number>;
  /** When recording processes sent their latest heartbeat, epoch ms by their own clocks, the latest first. */
  heartbeats(): Promise<number[]>;
  /** Expiry of a user's grant as the middlewares see it, epoch ms; null: none. */
  projectedExpiry(userId: string): Promise<number | null>;
  /** Adds a block of events to a stream, as a middleware does. @returns id of the entry */
  record(partition: number, events: readonly FlowEvent[]): Promise<string>;
  /** Publishes a live frame of a user, as a middleware does. */
  publish(userId: string, events: readonly FlowEvent[]): Promise<void>;
}

/** @param ping of every node that has slots, on a cluster */
export function createRedisInspection(
  commands: RedisClient,
  keys: RedisKeys,
  ping: () => Promise<void>,
): RedisInspection {
  return {
    ping,
    info: () => commands.info(),
    exists: (key) => commands.exists(key),
    async stream(partition) {
      const name = keys.stream(partition);
      if ((await commands.exists(name)) === 0) return { name, exists: false, group: undefined };
      const groups = (await commands.xinfo('GROUPS', name)) as unknown[][];
      const flat = groups.find((fields) => fields[fields.indexOf('name') + 1] === keys.group);
      if (flat === undefined) return { name, exists: true, group: undefined };
      const of = (field: string): number => Number(flat[flat.indexOf(field) + 1]);
      return { name, exists: true, group: { consumers: of('consumers'), pending: of('pending') } };
    },
    deadLetters: () => commands.xlen(keys.dead),
    async clock() {
      const [seconds, micros] = await commands.time();
      return Number(seconds) * 1_000 + Number(micros) / 1_000;
    },
    async heartbeats() {
      const reply = (await commands.zrange(keys.processes, '0', '-1', 'REV', 'WITHSCORES')).flat().map(Number);
      return reply.filter((_, i) => i % 2 === 1);
    },
    async projectedExpiry(userId) {
      const score = await commands.zscore(keys.monitoring, userId);
      return score === null ? null : Number(score);
    },
    async record(partition, events) {
      return String(await commands.xadd(keys.stream(partition), '*', EVENTS_FIELD, JSON.stringify(events)));
    },
    async publish(userId, events) {
      const frame = JSON.stringify({ type: 'events', user_id: userId, events });
      const channel = keys.live(userId);
      await (commands instanceof Cluster ? commands.spublish(channel, frame) : commands.publish(channel, frame));
    },
  };
}
