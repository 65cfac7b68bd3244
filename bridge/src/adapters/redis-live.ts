import type { Redis } from './redis';

/** Subscriptions on one connection, kept over reconnects. */
export interface LiveSubscriber {
  /** Resolves when Redis has confirmed; while Redis is away at once, and it is subscribed on the way back. */
  subscribe(channel: string): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  readonly connected: boolean;
}

/**
 * @param onMessage the message's bytes, not parsed
 * @param onResubscribed the connection was lost and is back: messages in between were missed
 */
export function createLiveSubscriber(
  redis: Redis,
  onMessage: (channel: string, message: Buffer) => void,
  onResubscribed: () => void,
): LiveSubscriber {
  const channels = new Set<string>();
  let wasReady = false;

  redis.on('messageBuffer', (channel: Buffer, message: Buffer) => onMessage(channel.toString(), message));
  redis.on('ready', () => {
    const isReconnect = wasReady;
    wasReady = true;
    if (channels.size === 0) {
      if (isReconnect) onResubscribed();
      return;
    }
    redis.subscribe(...channels).then(
      () => onResubscribed(),
      // Lost again meanwhile: the next `ready` comes back here.
      () => redis.disconnect(true),
    );
  });

  return {
    async subscribe(channel) {
      channels.add(channel);
      if (redis.status === 'ready') await redis.subscribe(channel).catch(() => redis.disconnect(true));
    },
    async unsubscribe(channel) {
      channels.delete(channel);
      if (redis.status === 'ready') await redis.unsubscribe(channel).catch(() => undefined);
    },
    get connected() {
      return redis.status === 'ready';
    },
  };
}
