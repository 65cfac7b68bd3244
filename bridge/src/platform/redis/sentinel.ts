import { Redis, type RedisOptions } from 'ioredis';

/** Between the end of a client and its next connection. */
const AGAIN_MS = 200;

/**
 * A client that asks sentinels for the primary and never gives up. That of ioredis ends for good when a sentinel tells of a
 * failover while it asks one who the primary is.
 */
export class SentinelClient extends Redis {
  private isClosed = false;

  constructor(options: Omit<RedisOptions, 'replyMapping'>) {
    super(options);
    this.on('end', () => {
      if (!this.isClosed) setTimeout(this.again, AGAIN_MS);
    });
  }

  override disconnect(reconnect = false): void {
    if (!reconnect) this.isClosed = true;
    super.disconnect(reconnect);
  }

  private readonly again = (): void => {
    if (!this.isClosed) this.connect().catch(() => undefined);
  };
}
