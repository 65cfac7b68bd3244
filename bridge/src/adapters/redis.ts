import { Redis, type CommonRedisOptions } from 'ioredis';
import type { Logger } from './logger';

export type { Redis } from 'ioredis';

const RECONNECT_MAX_MS = 1_000;
const COMMAND_TIMEOUT_MS = 2_000;

function reconnectDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 6), RECONNECT_MAX_MS) * (0.5 + Math.random() / 2);
}

type Timeouts = Pick<CommonRedisOptions, 'autoResubscribe' | 'commandTimeout' | 'socketTimeout'>;

function connect(url: string, name: string, logger: Logger, options: Timeouts): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectionName: name,
    connectTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: reconnectDelayMs,
    ...options,
  });
  let lost = false;
  redis.on('error', (error: Error) => {
    if (!lost) logger.warn({ connection: name, reason: error.message }, 'Redis connection lost, reconnecting');
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) logger.info({ connection: name }, 'Redis connection back');
    lost = false;
  });
  return redis;
}

/** A connection for commands: while Redis is away they reject at once, and none waits longer than 2 s. */
export function createCommandConnection(url: string, name: string, logger: Logger): Redis {
  return connect(url, name, logger, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: 2 * COMMAND_TIMEOUT_MS,
  });
}

/** A connection that one blocking read at a time holds for up to `blockMs`. */
export function createBlockingConnection(url: string, name: string, blockMs: number, logger: Logger): Redis {
  return connect(url, name, logger, { socketTimeout: blockMs + 2 * COMMAND_TIMEOUT_MS });
}

/** A connection for SUBSCRIBE. Who uses it subscribes anew after each reconnect, since it must know of the gap. */
export function createSubscriberConnection(url: string, name: string, logger: Logger): Redis {
  return connect(url, name, logger, { autoResubscribe: false });
}
