import { Redis } from 'ioredis';
import { freePort } from './free-port';
import { startTestRedis, type TestRedis } from './redis-server';
import { waitFor } from './wait-for';

/** A Redis Cluster of one test's own, without replicas: what a node has is away while the node is. */
export interface TestCluster {
  readonly nodes: readonly TestRedis[];
  readonly urls: readonly string[];
  /** The node that has the slot of a key or a sharded channel. */
  nodeOf(key: string): Promise<TestRedis>;
  /** Gives the slot of a key or a sharded channel to another node, as a resharding does at its end; without what is in it. */
  moveSlot(key: string, to: TestRedis): Promise<void>;
  /** Every node says that the cluster takes commands. A node that was started takes 2 s for that. */
  untilOk(): Promise<void>;
  /** Ends the nodes and takes their data away. */
  remove(): Promise<void>;
}

const SLOTS = 16_384;
/** How long a node may be silent before the others take it for dead. */
const NODE_TIMEOUT_MS = 1000;

/**
 * Starts it on free ports of loopback.
 *
 * @param settings further lines of each node's configuration, by name
 */
export async function startTestCluster(settings: Readonly<Record<string, string>> = {}): Promise<TestCluster> {
  const nodes: TestRedis[] = [];
  const clients: Redis[] = [];
  const remove = async (): Promise<void> => {
    for (const client of clients) client.disconnect();
    await Promise.all(nodes.map((node) => node.remove()));
  };
  const untilOk = async (): Promise<void> => {
    for (const client of clients) {
      await waitFor('the cluster is ok', async () => (await client.cluster('INFO')).includes('cluster_state:ok'));
    }
  };
  try {
    const busPorts = await Promise.all([freePort(), freePort(), freePort()]);
    for (const busPort of busPorts) {
      nodes.push(
        await startTestRedis({
          'cluster-enabled': 'yes',
          // By default 10,000 above the node's own, which may be beyond the last port.
          'cluster-port': `${busPort}`,
          'cluster-node-timeout': `${NODE_TIMEOUT_MS}`,
          ...settings,
        }),
      );
    }
    for (const { url } of nodes) {
      const client = new Redis(url, { connectionName: 'admin', retryStrategy: () => 50 });
      client.on('error', () => undefined);
      clients.push(client);
    }
    for (const [i, client] of clients.entries()) {
      const first = Math.ceil((SLOTS * i) / nodes.length);
      const next = Math.ceil((SLOTS * (i + 1)) / nodes.length);
      await client.call('CLUSTER', 'ADDSLOTSRANGE', first, next - 1);
      // Nodes that say the same would have to agree first.
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1);
      await client.call('CLUSTER', 'MEET', '127.0.0.1', nodes[0]?.port ?? 0, busPorts[0] ?? 0);
    }
    await untilOk();
  } catch (error) {
    await remove();
    throw error;
  }
  const slotOf = async (key: string): Promise<number> => (await clients[0]?.cluster('KEYSLOT', key)) ?? 0;
  const ownerOf = async (client: Redis, slot: number): Promise<string | undefined> => {
    const ranges = await client.cluster('SLOTS');
    return ranges.find(([first, last]) => first <= slot && slot <= last)?.[2]?.[2];
  };
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    async moveSlot(key, to) {
      const slot = await slotOf(key);
      const target = clients[nodes.indexOf(to)]!;
      const id = await target.cluster('MYID');
      // Who imports a slot gets an epoch above all others. Without it, what its last owner said a moment ago would win.
      await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', (await ownerOf(target, slot))!);
      const others = clients.filter((client) => client !== target);
      for (const client of [target, ...others]) await client.call('CLUSTER', 'SETSLOT', slot, 'NODE', id);
      await waitFor('all nodes name the same owner', async () => {
        const owners = await Promise.all(clients.map((client) => ownerOf(client, slot)));
        return owners.every((owner) => owner === id);
      });
    },
    async nodeOf(key) {
      const slot = await slotOf(key);
      const node = nodes[Math.floor((slot * nodes.length) / SLOTS)];
      if (node === undefined) throw new Error(`No node has slot ${slot}`);
      return node;
    },
    untilOk,
    remove,
  };
}
