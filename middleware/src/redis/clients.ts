import { REDIS_POLICY } from '@flow-tracking/protocol';
import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import { FlowTrackingError } from '../errors';
import { connectionOptions, singleOptions } from './settings';

/**
 * A client of ioredis 5 or 6 that the application has already, of a single Redis or of a cluster. Only its configuration is
 * used. Writer and subscriber get their own connections, so that no command waits for, or fails with, one of the application.
 */
export interface RedisClient {
  // It can't be narrower: the options of the versions do not fit each other, and a cluster's client takes the nodes first.
  duplicate(override?: object): unknown;
}

/** What the option `redis` may be. A list of URLs names the first nodes of a cluster. */
export type RedisOption = string | readonly string[] | RedisOptions | RedisClient;

const clusterOptions = {
  ...REDIS_POLICY.cluster,
  keyPrefix: '',
  // Its timer would hold the process. Ours does not.
  slotsRefreshInterval: 0,
  // The application may have it on for its own commands.
  enableAutoPipelining: false,
} satisfies ClusterOptions;

/** @param urls of the first nodes, at least one */
function createCluster(urls: readonly string[]): Cluster {
  // Nodes name each other by address alone, so all get the credentials of the first URL.
  const { username, password, tls } = new Redis(urls[0] ?? '', singleOptions).options;
  const redisOptions = { ...connectionOptions, username, password, tls };
  return new Cluster([...urls], { ...clusterOptions, redisOptions });
}

function duplicateCluster(client: Cluster): Cluster {
  // Merged here, because ioredis 5 takes only one of the two.
  const redisOptions = { ...client.options.redisOptions, ...connectionOptions };
  return client.duplicate([], { ...clusterOptions, redisOptions });
}

/** Makes a new client for the option `redis`. It does not connect yet. */
export function createClient(redis: RedisOption): Redis | Cluster {
  if (typeof redis === 'string') return new Redis(redis, singleOptions);
  if (Array.isArray(redis)) return createCluster(redis as readonly string[]);
  if ((redis as Partial<Cluster>).isCluster === true) return duplicateCluster(redis as Cluster);
  if (typeof (redis as Partial<RedisClient>).duplicate !== 'function') return new Redis({ ...redis, ...singleOptions });
  const client = (redis as RedisClient).duplicate(singleOptions) as Partial<Redis>;
  // Clients of node-redis have `duplicate`, too.
  if (typeof client.pipeline === 'function') return client as Redis;
  throw new FlowTrackingError('unsupported_client', 'option redis: expected a client of ioredis, got another client');
}
