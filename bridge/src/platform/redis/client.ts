import { REDIS_POLICY } from '@flow-tracking/protocol';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisTarget } from '../../config';
import type { Logger } from '../logger';
import { createCluster } from './cluster';
import { SentinelClient } from './sentinel';

export type { Redis } from 'ioredis';

/** A client for commands, of a single Redis or of a cluster. */
export type RedisClient = Redis | Cluster;

const COMMAND_TIMEOUT_MS = REDIS_POLICY.commandMs;
/** How often a subscriber is pinged, since a Redis that hangs says nothing. */
const PING_EVERY_MS = 3_000;

/** Of each connection, be it to a single Redis or to a node of a cluster. */
const connectionOptions = { ...REDIS_POLICY.connection, autoResendUnfulfilledCommands: false } satisfies RedisOptions;
const singleOptions = { ...REDIS_POLICY.single, ...connectionOptions } satisfies RedisOptions;

/** The mapping of replies is the client's type, so it is never among options that are passed on. */
type Options = Omit<RedisOptions, 'replyMapping'>;
type RoleOptions = Pick<RedisOptions, 'commandTimeout' | 'enableOfflineQueue' | 'socketTimeout'>;

/** Reads a URL as ioredis does. */
function urlOptions(url: string): Options {
  const { username, password, db, tls } = new Redis(url, { lazyConnect: true }).options;
  return { username, password, db, tls };
}

function createSingle(target: Exclude<RedisTarget, { kind: 'cluster' }>, options: Options): Redis {
  if (target.kind === 'single') return new Redis(target.url, options);
  return new SentinelClient({
    ...urlOptions(target.url),
    ...options,
    sentinels: target.sentinels.map((sentinel) => ({ ...sentinel })),
    name: target.name,
    ...(target.sentinelPassword !== undefined && { sentinelPassword: target.sentinelPassword }),
    ...REDIS_POLICY.sentinel,
  });
}

/** Tells once that a connection is lost, and once that it is back. Unheard, an `error` would end the process. */
function logState(client: RedisClient, name: string, logger: Logger): void {
  let lost = false;
  const onError = (error: Error): void => {
    if (!lost) logger.warn({ connection: name, reason: error.message }, 'Redis connection lost, reconnecting');
    lost = true;
  };
  const onBack = (): void => {
    if (lost) logger.info({ connection: name }, 'Redis connection back');
    lost = false;
  };
  client.on('error', onError);
  client.on('ready', onBack);
  if (!(client instanceof Cluster)) return;
  client.on('node error', onError);
  client.on('+node', (node: Redis) => node.on('ready', onBack));
}

function createClient(target: RedisTarget, name: string, logger: Logger, role: RoleOptions): RedisClient {
  const client =
    target.kind === 'cluster'
      ? createCluster(target.urls, {
          ...connectionOptions,
          ...urlOptions(target.urls[0] ?? ''),
          ...role,
          connectionName: name,
        })
      : createSingle(target, { ...singleOptions, ...role, connectionName: name });
  logState(client, name, logger);
  return client;
}

/** A client for commands: while Redis is away they reject at once, and none waits longer than 2 s. */
export function createCommandClient(target: RedisTarget, name: string, logger: Logger): RedisClient {
  return createClient(target, name, logger, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: 2 * COMMAND_TIMEOUT_MS,
  });
}

/**
 * Connects; whoever needs the connection before that waits or fails with a clear reason.
 *
 * @returns resolves after the first try, be it that it failed
 */
export function connectInBackground(client: RedisClient): Promise<void> {
  // The connection logs why it failed, and tries again by itself.
  return client.connect().catch(() => undefined);
}

/** A client that one blocking read at a time holds for up to `blockMs`. */
export function createBlockingClient(target: RedisTarget, name: string, blockMs: number, logger: Logger): RedisClient {
  // The one read may wait for the connection that is being made; it fails with it.
  const options = { enableOfflineQueue: true, socketTimeout: blockMs + 2 * COMMAND_TIMEOUT_MS };
  return createClient(target, name, logger, options);
}

/**
 * A connection for SUBSCRIBE, to one server or to one node of a cluster. Who uses it subscribes anew after each reconnect,
 * since it must know of the gap.
 *
 * @param node of a cluster, `host:port`
 */
export function createSubscriberConnection(target: RedisTarget, name: string, logger: Logger, node?: string): Redis {
  const role = { socketTimeout: COMMAND_TIMEOUT_MS, connectionName: name };
  const options = { ...singleOptions, ...role };
  let redis: Redis;
  if (target.kind === 'cluster') {
    const at = node?.lastIndexOf(':') ?? -1;
    redis = new Redis({
      ...urlOptions(target.urls[0] ?? ''),
      ...options,
      host: node?.slice(0, at) ?? '',
      port: Number(node?.slice(at + 1)),
    });
  } else redis = createSingle(target, options);
  logState(redis, name, logger);
  let timer: NodeJS.Timeout | undefined;
  redis.on('ready', () => {
    // Unanswered, it drops the connection.
    timer = setInterval(() => void redis.ping().catch(() => undefined), PING_EVERY_MS).unref();
  });
  redis.on('close', () => clearInterval(timer));
  return redis;
}

/**
 * Resolves when Redis answers; of a cluster every node that has slots.
 *
 * @throws {Error} the reason why not
 */
export async function pingRedis(client: RedisClient): Promise<void> {
  if (!(client instanceof Cluster)) {
    await client.ping();
    return;
  }
  const owners = new Set(client.slots.map(([owner]) => owner));
  if (client.status !== 'ready' || owners.size === 0) throw new Error('no node of the Redis Cluster can be reached');
  const nodes = new Map(client.nodes('master').map((node) => [`${node.options.host}:${node.options.port}`, node]));
  await Promise.all(
    [...owners].map(async (owner) => {
      try {
        const node = nodes.get(String(owner));
        if (node === undefined) throw new Error('it has gone');
        await node.ping();
      } catch (error) {
        // Another may have its slots by now, which nobody else asks about while nothing is written.
        client.refreshSlotsCache();
        throw new Error(`node ${owner} does not answer: ${String(error)}`, { cause: error });
      }
    }),
  );
}

const RECONNECTED_POLL_MS = 500;

/** Calls back whenever Redis is there again, at the start, too: it may have lost its data. */
export function onReconnected(client: RedisClient, listener: () => void): void {
  client.on('ready', listener);
  if (!(client instanceof Cluster)) return;
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    if (client.status !== 'ready') timer = undefined;
    else {
      pingRedis(client).then(
        () => {
          timer = undefined;
          listener();
        },
        () => (timer = setTimeout(check, RECONNECTED_POLL_MS).unref()),
      );
    }
  };
  // The client goes on with the others, and asks a lost node for nothing until it has a command for it.
  client.on('-node', () => (timer ??= setTimeout(check, RECONNECTED_POLL_MS).unref()));
}
