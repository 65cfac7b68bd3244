import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis5';
import { startHost } from '../../../test/support/host';
import { startTestCluster, type TestCluster } from '../../../test/support/redis-cluster';
import { auditStream } from '../../../test/support/stream-audit';
import { waitFor } from '../../../test/support/wait-for';
import { flowTracking, type FlowTracking, type FlowTrackingOptions } from '../index';

type AnyCluster = Cluster | Cluster5;
type RedisForm = NonNullable<FlowTrackingOptions['redis']>;

const prefix = 'cluster';
const keys = redisKeys(prefix);
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const password = 'secret-of-the-test';
/** An application's own, none of which is to become ours. */
const ofTheApplication = {
  keyPrefix: 'app:',
  scaleReads: 'all',
  enableAutoPipelining: true,
  redisOptions: { password, connectionName: 'application', maxRetriesPerRequest: null },
} as const;

let cluster: TestCluster;
let admins: Redis[];
let admin: Cluster;

beforeAll(async () => {
  cluster = await startTestCluster({ requirepass: password });
  admins = cluster.urls.map((url) => new Redis(url, { connectionName: 'admin', retryStrategy: () => 50 }));
  for (const client of admins) client.on('error', () => undefined);
  admin = new Cluster([...cluster.urls], {
    clusterRetryStrategy: () => 50,
    redisOptions: { password, connectionName: 'admin' },
  });
  admin.on('error', () => undefined);
});

beforeEach(async () => {
  for (const client of admins) await client.flushall();
});

afterAll(async () => {
  admin.disconnect();
  for (const client of admins) client.disconnect();
  await cluster.remove();
});

const startupNodes = (): { host: string; port: number }[] =>
  cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }));

const track = (redis: RedisForm, options: FlowTrackingOptions = {}): FlowTracking =>
  flowTracking({ redis, prefix, partitions: 1, logger: silent, ...options });

async function streamEvents(): Promise<FlowEvent[]> {
  const entries = await admin.xrange(keys.stream(0), '-', '+');
  return entries.flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent));
}

/** Connections that the nodes have, but for the test's and the nodes' own. */
async function connections(): Promise<string[]> {
  const lists = await Promise.all(admins.map((client) => client.client('LIST') as Promise<string>));
  return lists
    .flatMap((list) => list.trim().split('\n'))
    .filter((line) => !/name=(ioredis-cluster\(.*\):)?admin/.test(line));
}

async function untilListening(): Promise<void> {
  await waitFor('the subscription', async () => {
    const counts = await Promise.all(admins.map((client) => client.pubsub('NUMSUB', keys.monitoringChanged)));
    return counts.some(([, count]) => count === 1);
  });
}

/** Redis gives no slot away that has keys. */
async function moveEmptySlot(key: string, to: TestCluster['nodes'][number]): Promise<void> {
  for (const client of admins) await client.flushall();
  await cluster.moveSlot(key, to);
}

function recordJob(tracking: FlowTracking, name: string, userId = 'ann'): void {
  const flow = tracking.startFlow({ name, userId });
  flow.checkpoint('auth_check');
  flow.end();
}

/** What a client looks like from outside: its state, its options, who listens to it. */
const describeClient = (client: AnyCluster): object => ({
  status: client.status,
  options: { ...client.options },
  listeners: client.eventNames().map((name) => [name, client.listenerCount(name)]),
});

/** Hears what is published on a user's channel, as the bridge will. */
async function hearFrames(userId: string): Promise<{ events: () => FlowEvent[]; close: () => void }> {
  const { url } = await cluster.nodeOf(keys.live(userId));
  const listener = new Redis(url, { connectionName: 'admin' });
  const events: FlowEvent[] = [];
  listener.on('smessage', (_channel, message: string) => {
    events.push(...(JSON.parse(message) as { events: FlowEvent[] }).events);
  });
  await listener.ssubscribe(keys.live(userId));
  return { events: () => events, close: () => listener.disconnect() };
}

const forms: { form: string; make: () => RedisForm | AnyCluster }[] = [
  { form: 'a list of URLs', make: () => cluster.urls },
  { form: 'a Cluster of ioredis 6', make: () => new Cluster(startupNodes(), ofTheApplication) },
  { form: 'a Cluster of ioredis 5', make: () => new Cluster5(startupNodes(), ofTheApplication) },
];

describe.each(forms)('with $form', ({ make }) => {
  let redis: RedisForm | AnyCluster;
  let tracking: FlowTracking;

  beforeEach(async () => {
    redis = make();
    tracking = track(redis);
    await waitFor('the monitored users are read', () => tracking.stats().monitoring.loaded);
    await untilListening();
  });

  afterEach(async () => {
    await tracking.close(500);
    if (redis instanceof Cluster || redis instanceof Cluster5) redis.disconnect();
    await waitFor('no connection is left', async () => (await connections()).length === 0);
  });

  it('writes all events, without a prefix', async () => {
    recordJob(tracking, 'job');
    expect(await tracking.flush()).toBe(true);
    expect(await streamEvents()).toMatchObject([
      { type: 'flow_start', name: 'job', user_id: 'ann' },
      { type: 'checkpoint', checkpoint: 'auth_check' },
      { type: 'flow_end', status: 'ok' },
    ]);
    const names = (await Promise.all(admins.map((client) => client.keys('*')))).flat();
    expect(names.sort()).toEqual([keys.processes, keys.stream(0)].sort());
  });

  it('hears of a grant on whichever node, and publishes to the shard of each user', async () => {
    const users = ['ann', 'bob', 'cyd', 'dan'];
    const owners = await Promise.all(users.map((user) => cluster.nodeOf(keys.live(user))));
    expect(new Set(owners).size).toBeGreaterThan(1);
    const heard = await Promise.all(users.map(hearFrames));
    try {
      for (const [i, user] of users.entries()) {
        const change = JSON.stringify({ user_id: user, expires_ts: Date.now() + 60_000 });
        await admins[i % admins.length]?.publish(keys.monitoringChanged, change);
      }
      await waitFor('the grants are known', () => tracking.stats().monitoring.users === users.length);
      for (const user of users) recordJob(tracking, `watched ${user}`, user);
      for (const [i, user] of users.entries()) {
        await waitFor('the frames', () => heard[i]?.events().length === 3);
        expect(heard[i]?.events().map(parseEvent)).toMatchObject([
          { type: 'flow_start', name: `watched ${user}`, user_id: user },
          { type: 'checkpoint' },
          { type: 'flow_end' },
        ]);
      }
      expect(await tracking.flush()).toBe(true);
      expect(tracking.stats()).toMatchObject({ unpublished: 0, flushes: { failed: 0 }, written: 12 });
    } finally {
      for (const { close } of heard) close();
    }
  });

  it('follows its stream to another node', async () => {
    recordJob(tracking, 'before');
    expect(await tracking.flush()).toBe(true);
    const from = await cluster.nodeOf(keys.stream(0));
    const to = cluster.nodes.find((node) => node !== from) ?? from;
    await moveEmptySlot(keys.stream(0), to);
    try {
      recordJob(tracking, 'after');
      expect(await tracking.flush()).toBe(true);
      expect(await streamEvents()).toMatchObject([{ name: 'after' }, { type: 'checkpoint' }, { type: 'flow_end' }]);
      expect(tracking.stats().flushes.failed).toBe(0);
    } finally {
      await moveEmptySlot(keys.stream(0), from);
    }
  });

  it('keeps what is recorded while the node of its stream is away, in order', async () => {
    const node = await cluster.nodeOf(keys.stream(0));
    recordJob(tracking, 'before');
    expect(await tracking.flush()).toBe(true);
    let jobs = 1;
    const record = (count: number): void => {
      for (let i = 0; i < count; i++) recordJob(tracking, `job ${jobs++}`);
    };
    record(10);
    await node.signal('SIGKILL');
    await waitFor('writes fail', () => {
      record(1);
      return tracking.stats().flushes.failed >= 2;
    });
    // Several blocks, so that more than one is sent when it is back.
    record(3000);
    await node.start();
    await waitFor('all is written', () => {
      const { written, recorded } = tracking.stats();
      return written === recorded;
    });
    record(10);
    expect(await tracking.flush()).toBe(true);
    expect(tracking.stats()).toMatchObject({ recorded: jobs * 3, dropped: { queue_full: 0, closed: 0 } });
    const owner = admins[cluster.nodes.indexOf(node)]!;
    expect(await auditStream(owner, keys.stream(0))).toMatchObject({ flows: jobs, events: jobs * 3, misplaced: 0 });
    const names = (await streamEvents()).flatMap((event) => (event.type === 'flow_start' ? [event.name] : []));
    expect([...new Set(names)]).toEqual(['before', ...Array.from({ length: jobs - 1 }, (_, i) => `job ${i + 1}`)]);
    await untilListening();
    await cluster.untilOk();
  });
});

describe.each([
  ['6', (): AnyCluster => new Cluster(startupNodes(), ofTheApplication)],
  ['5', (): AnyCluster => new Cluster5(startupNodes(), ofTheApplication)],
])("an application's Cluster of ioredis %s", (_version, create) => {
  it('is neither used, changed nor closed', async () => {
    const client = create();
    try {
      await client.get('key');
      const before = describeClient(client);
      const sent = jest.spyOn(client, 'sendCommand');
      const tracking = track(client);
      await waitFor('connected', () => tracking.stats().connected);
      recordJob(tracking, 'job');
      expect(await tracking.flush()).toBe(true);
      expect(describeClient(client)).toEqual(before);
      await tracking.close();
      expect(describeClient(client)).toEqual(before);
      expect(sent).not.toHaveBeenCalled();
      sent.mockRestore();
      await client.set('key', 'value');
      expect(await admin.get('app:key')).toBe('value');
    } finally {
      client.disconnect();
    }
  });
});

describe('a process with a cluster', () => {
  it('lives through the loss of all nodes, holds no more than its queue, and ends at once', async () => {
    const host = await startHost(cluster.urls.join(','), prefix);
    try {
      await waitFor('connected', async () => (await host.stats()).connected);
      await untilListening();
      for (const node of cluster.nodes) await node.signal('SIGKILL');
      await waitFor('the loss is noticed', async () => {
        // A client that sends nothing does not learn of it.
        await fetch(`http://127.0.0.1:${host.port}/ask/ann`);
        return !(await host.stats()).connected;
      });
      for (const node of cluster.nodes) await node.start();
      await waitFor('all is written', async () => {
        const { recorded, written } = await host.stats();
        return recorded === written && written > 0;
      });
      await untilListening();
      const { exit, exitMs, stats } = await host.stop();
      expect(exit).toBe(0);
      expect(exitMs).toBeLessThan(1000);
      expect(stats).toMatchObject({ dropped: { queue_full: 0, closed: 0 }, misused: { internal: 0 } });
      expect(await streamEvents()).toHaveLength(stats.written);
    } finally {
      await host.kill();
    }
  });
});
