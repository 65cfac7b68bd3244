import { once } from 'node:events';
import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { startTestSentinel, type TestSentinel } from '../../../test/support/redis-sentinel';
import { startTestRedis, type TestRedis } from '../../../test/support/redis-server';
import { startTcpProxy } from '../../../test/support/tcp-proxy';
import { waitFor } from '../../../test/support/wait-for';
import { flowTracking, type FlowTracking } from '../index';

const keys = redisKeys('sentinel');
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let master: TestRedis;
let replica: TestRedis;
let sentinel: TestSentinel;
/** To look from outside, and to do what an operator does. */
let onReplica: Redis;
let onSentinel: Redis;

const clients: Redis[] = [];
function connectTo(url: string): Redis {
  const client = new Redis(url);
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

beforeEach(async () => {
  // The first: a replica that is new waits for no others. The second is Redis' own means against writes that only a
  // primary has which is one no longer.
  master = await startTestRedis({ 'repl-diskless-sync-delay': '0', 'min-replicas-to-write': '1' });
  replica = await startTestRedis({ replicaof: `127.0.0.1 ${master.port}` });
  onReplica = connectTo(replica.url);
  await waitFor('the replica is up', async () => (await onReplica.info('replication')).includes('link_status:up'));
  sentinel = await startTestSentinel(master.port);
  onSentinel = connectTo(sentinel.url);
  await waitFor('the sentinel knows both', async () => (await onSentinel.info('sentinel')).includes('slaves=1'));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const server of [sentinel, replica, master]) await server.remove();
});

async function streamEvents(redis: Redis): Promise<FlowEvent[]> {
  const entries = await redis.xrange(keys.stream(0), '-', '+');
  return entries.flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent));
}

async function withTracking(
  sentinels: readonly Pick<TestSentinel, 'host' | 'port'>[],
  use: (tracking: FlowTracking) => Promise<void>,
): Promise<void> {
  const tracking = flowTracking({
    redis: { sentinels: sentinels.map(({ host, port }) => ({ host, port })), name: 'mymaster' },
    prefix: 'sentinel',
    partitions: 1,
    logger: silent,
  });
  try {
    await use(tracking);
  } finally {
    await tracking.close(500);
  }
}

function recordJob(tracking: FlowTracking, name: string): void {
  const flow = tracking.startFlow({ name });
  flow.checkpoint('auth_check');
  flow.end();
}

/** What a stream is to hold of these jobs, in order. */
const eventsOf = (...names: string[]): object[] =>
  names.flatMap((name) => [{ type: 'flow_start', name }, { type: 'checkpoint' }, { type: 'flow_end' }]);

/** Records a job and waits until the replica has it, too: what comes after cannot be lost to replication's lag. */
async function recordReplicated(tracking: FlowTracking, name: string): Promise<void> {
  recordJob(tracking, name);
  expect(await tracking.flush()).toBe(true);
  await waitFor('the replica has it', async () => (await streamEvents(onReplica)).length === 3);
}

async function untilSwitched(): Promise<void> {
  await waitFor('the sentinel names the new primary', async () => {
    const [, port] = (await onSentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster')) as string[];
    return port === `${replica.port}`;
  });
}

/** Grants are heard of from the new primary, too. */
async function expectMonitoringWorks(tracking: FlowTracking): Promise<void> {
  await waitFor('the subscription', async () => (await onReplica.pubsub('NUMSUB', keys.monitoringChanged))[1] === 1);
  await onReplica.publish(keys.monitoringChanged, JSON.stringify({ user_id: 'ann', expires_ts: Date.now() + 60_000 }));
  await waitFor('the grant is known', () => tracking.stats().monitoring.users === 1);
}

describe('with Redis Sentinel', () => {
  it('writes to the new primary after the old one was killed, and keeps what was recorded meanwhile', async () => {
    await withTracking([sentinel], async (tracking) => {
      await recordReplicated(tracking, 'before');
      await master.signal('SIGKILL');
      recordJob(tracking, 'away');
      await waitFor('the loss is noticed', () => !tracking.stats().connected);
      await untilSwitched();
      recordJob(tracking, 'after');
      await waitFor('all is written', () => tracking.stats().written === 9, 15_000);
      expect(await streamEvents(onReplica)).toMatchObject(eventsOf('before', 'away', 'after'));
      expect(tracking.stats().dropped).toEqual({ queue_full: 0, closed: 0 });
      await expectMonitoringWorks(tracking);
    });
  });

  it('comes back when it hears of the failover while it asks for the primary', async () => {
    const proxy = await startTcpProxy(sentinel.port);
    try {
      await withTracking([{ host: sentinel.host, port: proxy.port }], async (tracking) => {
        await recordReplicated(tracking, 'before');
        // Who listens for failovers is connected; who asks gets no answer until it is over.
        proxy.setMode('hold');
        const listener = connectTo(sentinel.url);
        const told = once(listener, 'message');
        await listener.subscribe('+switch-master');
        await master.signal('SIGKILL');
        recordJob(tracking, 'away');
        await told;
        proxy.setMode('pass');
        await waitFor('all is written', () => tracking.stats().written === 6);
        expect(await streamEvents(onReplica)).toMatchObject(eventsOf('before', 'away'));
        await expectMonitoringWorks(tracking);
      });
    } finally {
      await proxy.close();
    }
  });

  it('leaves an old primary that lives as soon as the sentinel says so, and loses nothing that this one refused', async () => {
    await withTracking([sentinel], async (tracking) => {
      await recordReplicated(tracking, 'before');
      // It refuses while it does not know yet how the replica is.
      await waitFor('the sentinel begins', () => onSentinel.call('SENTINEL', 'FAILOVER', 'mymaster'));
      await waitFor('it is a replica no longer', async () =>
        (await onReplica.info('replication')).includes('role:master'),
      );
      recordJob(tracking, 'refused');
      await untilSwitched();
      // The sentinel makes the old one a replica, and so cuts its connections, some 10 s later.
      await waitFor('all is written', () => tracking.stats().written === 6, 5_000);
      expect(await streamEvents(onReplica)).toMatchObject(eventsOf('before', 'refused'));
      await expectMonitoringWorks(tracking);
    });
  });

  it('asks the next sentinel when one hangs', async () => {
    const hanging = await startTestSentinel(master.port);
    try {
      hanging.signal('SIGSTOP');
      await withTracking([hanging, sentinel], async (tracking) => {
        recordJob(tracking, 'job');
        await waitFor('all is written', () => tracking.stats().written === 3);
        expect(tracking.stats().connected).toBe(true);
      });
    } finally {
      await hanging.remove();
    }
  });
});
