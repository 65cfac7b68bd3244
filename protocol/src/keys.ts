/** The field of a stream entry that holds a block of events, a JSON array. */
export const EVENTS_FIELD = 'events';

/** Names of everything in Redis. Nothing else in the code spells one. */
export interface RedisKeys {
  /** Durable stream of one partition. */
  stream(partition: number): string;
  /** Hash beside a stream, in its slot: entries settled, and entries known to be trimmed. */
  streamCounts(partition: number): string;
  /** Hash in the slot of a stream: the flow id of a trace and the numbers of its spans. */
  trace(partition: number, traceId: string): string;
  /** Beside it: the trace's `flow_start`, until it is written. */
  traceStart(partition: number, traceId: string): string;
  /** Consumer group of the streams. */
  readonly group: string;
  /** Pub/Sub channel of one user's live frames. The id is percent-encoded, so that no id is a pattern or another's. */
  live(userId: string): string;
  /** The user whom {@link live} named the channel for, or undefined when it is no such channel. */
  liveUser(channel: string): string | undefined;
  /** Sorted set user → expiry in epoch ms, a projection of the monitoring table. */
  readonly monitoring: string;
  /** Pub/Sub channel of {@link MonitoringChange}. */
  readonly monitoringChanged: string;
  /** Sorted set of recording processes ({@link flowIdProcess}) by their last heartbeat, epoch ms. */
  readonly processes: string;
  /** Stream of events that Postgres refused, with the reason. */
  readonly dead: string;
  /** Hash in the slot of {@link dead}: how many entries it holds, and their bytes. */
  readonly deadSize: string;
}

/** Message on {@link RedisKeys.monitoringChanged}. Null expiry: switched off; null user: read the whole set again. */
export interface MonitoringChange {
  user_id: string | null;
  expires_ts: number | null;
}

/** @param prefix lets several environments share one Redis. @default 'flow' */
export function redisKeys(prefix = 'flow'): RedisKeys {
  const livePrefix = `${prefix}_events:`;
  return {
    stream: (partition) => `${prefix}:stream:{${partition}}`,
    streamCounts: (partition) => `${prefix}:stream:{${partition}}:counts`,
    trace: (partition, traceId) => `${prefix}:stream:{${partition}}:trace:${traceId}`,
    traceStart: (partition, traceId) => `${prefix}:stream:{${partition}}:trace:${traceId}:start`,
    group: `${prefix}-history`,
    live: (userId) => livePrefix + encodeURIComponent(userId.toWellFormed()),
    liveUser: (channel) => {
      if (!channel.startsWith(livePrefix)) return undefined;
      try {
        return decodeURIComponent(channel.slice(livePrefix.length));
      } catch {
        return undefined;
      }
    },
    monitoring: `${prefix}:monitoring`,
    monitoringChanged: `${prefix}:monitoring:changed`,
    processes: `${prefix}:processes`,
    dead: `${prefix}:dead`,
    deadSize: `{${prefix}:dead}:size`,
  };
}
