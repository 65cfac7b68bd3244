import type { Redis } from '../platform/redis/client';

export interface LiveHandlers {
  /** The message's bytes, not parsed. */
  readonly onMessage: (channel: string, message: Buffer) => void;
  /** These channels were not subscribed to for a while, and are now: messages in between were missed. */
  readonly onGap: (channels: readonly string[]) => void;
}

/** Subscriptions that are kept over reconnects. */
export interface Subscriptions {
  /** Resolves when Redis has confirmed; while Redis is away at once, and it is subscribed on the way back, with a gap. */
  subscribe(channel: string): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  /** Starts to connect, without waiting. */
  open(): void;
  close(): void;
}

/** The subscriptions of a bridge. */
export interface LiveSubscriber extends Subscriptions {
  /** Tells one more listener of all channels, whoever subscribed to them. */
  listen(listener: LiveHandlers): void;
}

/** The subscriptions of one connection. */
export interface ConnectionSubscriber extends Subscriptions {
  /** Channels asked for, whether confirmed or not. */
  readonly size: number;
}

/** A refusal that is no loss of the connection: a node of a cluster that is not ready, or has the slot no longer. */
const RETRY_MS = 250;

/** @param isSharded which channels are sharded ones of a cluster */
export function createConnectionSubscriber(
  redis: Redis,
  { onMessage, onGap }: LiveHandlers,
  isSharded: (channel: string) => boolean = () => false,
): ConnectionSubscriber {
  /** Channel → whether Redis has confirmed it on the connection of now. */
  const channels = new Map<string, boolean>();
  /** Who subscribed while the connection was being made: told when it is there, or has failed, and no gap is theirs. */
  const waiting = new Map<string, (() => void)[]>();
  let retryTimer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const send = async (channel: string): Promise<boolean> => {
    if (redis.status !== 'ready') return false;
    try {
      await (isSharded(channel) ? redis.ssubscribe(channel) : redis.subscribe(channel));
      if (!channels.has(channel)) return false;
      channels.set(channel, true);
      return true;
    } catch {
      if (!isClosed) retryTimer ??= setTimeout(() => void subscribeMissing(), RETRY_MS);
      return false;
    }
  };

  const subscribeMissing = async (): Promise<void> => {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    const missing = [...channels].flatMap(([channel, isConfirmed]) => (isConfirmed ? [] : [channel]));
    const confirmed = await Promise.all(missing.map(send));
    const back = missing.filter((channel, i) => confirmed[i] === true && !waiting.has(channel));
    if (back.length > 0 && !isClosed) onGap(back);
    endWaiting();
  };

  const endWaiting = (): void => {
    const resolvers = [...waiting.values()].flat();
    waiting.clear();
    for (const resolve of resolvers) resolve();
  };

  const relay = (channel: Buffer, message: Buffer): void => onMessage(channel.toString(), message);
  redis.on('messageBuffer', relay);
  redis.on('smessageBuffer', relay);
  redis.on('ready', () => void subscribeMissing());
  redis.on('close', () => {
    for (const channel of channels.keys()) channels.set(channel, false);
    endWaiting();
  });
  // Slots have moved, and Redis has ended the subscriptions in them, without saying which by any event of the client.
  redis.on('moved', () => {
    for (const channel of channels.keys()) if (isSharded(channel)) channels.set(channel, false);
    retryTimer ??= setTimeout(() => void subscribeMissing(), RETRY_MS);
  });

  return {
    async subscribe(channel) {
      if (channels.get(channel) === true) return;
      channels.set(channel, false);
      if (redis.status !== 'connecting' && redis.status !== 'connect') await send(channel);
      else await new Promise<void>((resolve) => waiting.set(channel, [...(waiting.get(channel) ?? []), resolve]));
    },
    async unsubscribe(channel) {
      if (!channels.delete(channel) || redis.status !== 'ready') return;
      const removed = isSharded(channel) ? redis.sunsubscribe(channel) : redis.unsubscribe(channel);
      await removed.catch(() => undefined);
    },
    open() {
      // The connection logs why it failed, and tries again by itself.
      redis.connect().catch(() => undefined);
    },
    close() {
      isClosed = true;
      clearTimeout(retryTimer);
      redis.disconnect();
    },
    get size() {
      return channels.size;
    },
  };
}
