import { Cluster, Redis } from 'ioredis';
import { startTestCluster } from './redis-cluster';
import { redisUrl } from './services';

/** Redis as a test sees it, be it one server or a cluster. */
export interface TestRedisService {
  /** Tells a bridge where it is. */
  readonly env: Readonly<Record<string, string>>;
  /** Tells a middleware where it is. */
  readonly option: string | readonly string[];
  /** For commands with a key. */
  readonly client: Redis | Cluster;
  /** A connection to each server. */
  readonly nodes: readonly Redis[];
  /** Publishes a live frame as a middleware does. */
  publish(channel: string, message: string): Promise<void>;
  /** How many connections listen to a user's channel. */
  subscribers(channel: string): Promise<number>;
  /** Cuts off all connections of this name, as a restart of Redis would; resolves with how many they were. */
  killConnections(name: string): Promise<number>;
  /** Deletes every key that begins with it. */
  deleteKeys(prefix: string): Promise<void>;
  close(): Promise<void>;
}

type Topology = 'single' | 'cluster';
let topology: Topology = 'single';

/** For a file that runs another file's suite on another topology; to be called before that is imported. */
export function useTopology(value: Topology): void {
  topology = value;
}

function createService(options: {
  urls: readonly string[];
  client: Redis | Cluster;
  isSharded: boolean;
  remove: () => Promise<void>;
}): TestRedisService {
  const { urls, client, isSharded } = options;
  const nodes = urls.map((url) => new Redis(url, { connectionName: 'admin', retryStrategy: () => 50 }));
  for (const node of [client, ...nodes]) node.on('error', () => undefined);
  return {
    env: { REDIS_URL: urls.join(',') },
    option: isSharded ? urls : urls.join(),
    client,
    nodes,
    async publish(channel, message) {
      await (isSharded ? client.spublish(channel, message) : client.publish(channel, message));
    },
    async subscribers(channel) {
      const counts = await Promise.all(
        nodes.map(
          (node) => node.call('PUBSUB', isSharded ? 'SHARDNUMSUB' : 'NUMSUB', channel) as Promise<[string, number]>,
        ),
      );
      return counts.reduce((sum, [, count]) => sum + count, 0);
    },
    async killConnections(name) {
      let killed = 0;
      for (const node of nodes) {
        const lines = ((await node.client('LIST')) as string)
          .split('\n')
          .filter((line) => line.includes(` name=${name} `));
        for (const line of lines) await node.call('CLIENT', 'KILL', 'ID', String(/^id=(\d+)/.exec(line)?.[1]));
        killed += lines.length;
      }
      return killed;
    },
    async deleteKeys(prefix) {
      for (const node of nodes) for (const key of await node.keys(`${prefix}*`)) await node.del(key);
    },
    async close() {
      client.disconnect();
      for (const node of nodes) node.disconnect();
      await options.remove();
    },
  };
}

/** The Redis that the test run started, or a cluster of the caller's own. */
export async function startTestRedisService(): Promise<TestRedisService> {
  if (topology === 'single') {
    const url = redisUrl();
    return createService({ urls: [url], client: new Redis(url), isSharded: false, remove: () => Promise.resolve() });
  }
  const cluster = await startTestCluster();
  const client = new Cluster([...cluster.urls], { clusterRetryStrategy: () => 50 });
  return createService({ urls: cluster.urls, client, isSharded: true, remove: () => cluster.remove() });
}
