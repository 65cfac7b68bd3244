import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis, type RedisOptions } from 'ioredis';
import { Redis as Redis5 } from 'ioredis5';
import { startTestRedis, type TestRedis } from '../../../test/support/redis-server';
import { waitFor } from '../../../test/support/wait-for';
import { flowTracking, type FlowTracking, type FlowTrackingOptions } from '../index';

type AnyClient = Redis | Redis5;

const keys = redisKeys('clients');
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
/** An application's own, none of which is to become ours. */
const ofTheApplication = { keyPrefix: 'app:', maxRetriesPerRequest: null, connectionName: 'application' } as const;
type OwnOptions = typeof ofTheApplication & { lazyConnect?: boolean };
const password = 'secret-of-the-test';
const db = 2;

let server: TestRedis;
let admin: Redis;

beforeAll(async () => {
  server = await startTestRedis({ requirepass: password });
  admin = new Redis(`${server.url}/${db}`, { connectionName: 'admin' });
});

beforeEach(() => admin.flushall());

afterAll(async () => {
  await admin.quit();
  await server.remove();
});

const track = (redis: NonNullable<FlowTrackingOptions['redis']>): FlowTracking =>
  flowTracking({ redis, prefix: 'clients', partitions: 1, logger: silent });

async function streamEvents(): Promise<FlowEvent[]> {
  const entries = await admin.xrange(keys.stream(0), '-', '+');
  return entries.flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent));
}

/** Grants or takes away, and tells so, as the bridge does. */
async function setGrant(user: string, expiresTs: number | null): Promise<void> {
  if (expiresTs === null) await admin.zrem(keys.monitoring, user);
  else await admin.zadd(keys.monitoring, expiresTs, user);
  await admin.publish(keys.monitoringChanged, JSON.stringify({ user_id: user, expires_ts: expiresTs }));
}

/** Ids of the connections that Redis has, but for the test's own. */
async function connections(): Promise<string[]> {
  const lines = ((await admin.client('LIST')) as string).trim().split('\n');
  return lines.filter((line) => !line.includes('name=admin')).map((line) => /^id=(\d+)/.exec(line)?.[1] ?? line);
}

async function untilListening(): Promise<void> {
  await waitFor('the subscription', async () => (await admin.pubsub('NUMSUB', keys.monitoringChanged))[1] === 1);
}

function recordJob(tracking: FlowTracking, name: string): void {
  const flow = tracking.startFlow({ name, userId: 'ann' });
  flow.checkpoint('auth_check');
  flow.end();
}

/** What a client looks like from outside: its state, its options, who listens to it. */
const describeClient = (client: AnyClient): object => ({
  status: client.status,
  options: { ...client.options },
  listeners: client.eventNames().map((name) => [name, client.listenerCount(name)]),
});

const forms: { form: string; make: (url: string, port: number) => string | RedisOptions | AnyClient }[] = [
  { form: 'a URL', make: (url) => url },
  { form: 'options', make: (_url, port) => ({ host: '127.0.0.1', port, password, db, keyPrefix: 'app:' }) },
  { form: 'a client of ioredis 6', make: (url) => new Redis(url, ofTheApplication) },
  { form: 'a client of ioredis 5', make: (url) => new Redis5(url, ofTheApplication) },
];

describe.each(forms)('with $form, a password and a database', ({ make }) => {
  let redis: string | RedisOptions | AnyClient;
  let tracking: FlowTracking;

  beforeEach(async () => {
    redis = make(`${server.url}/${db}`, server.port);
    tracking = track(redis);
    await waitFor('the monitored users are read', () => tracking.stats().monitoring.loaded);
    await untilListening();
  });

  afterEach(async () => {
    await tracking.close(500);
    if (redis instanceof Redis || redis instanceof Redis5) {
      const client: AnyClient = redis;
      // A kill hits the application's, too; it has come back.
      await waitFor("the application's client is ready", () => client.status === 'ready');
      client.disconnect();
    }
    await waitFor('no connection is left', async () => (await connections()).length === 0);
  });

  it('writes to that database, without a prefix', async () => {
    recordJob(tracking, 'job');
    expect(await tracking.flush()).toBe(true);
    expect(await streamEvents()).toMatchObject([
      { type: 'flow_start', name: 'job', user_id: 'ann' },
      { type: 'checkpoint', checkpoint: 'auth_check' },
      { type: 'flow_end', status: 'ok' },
    ]);
    expect((await admin.keys('*')).sort()).toEqual([keys.processes, keys.stream(0)].sort());
  });

  it('hears of a monitored user and publishes', async () => {
    const listener = admin.duplicate();
    const frames: { user_id: string; events: FlowEvent[] }[] = [];
    listener.on('message', (_channel, message: string) => frames.push(JSON.parse(message) as (typeof frames)[0]));
    await listener.subscribe(keys.live('ann'));
    try {
      await setGrant('ann', Date.now() + 60_000);
      await waitFor('the grant is known', () => tracking.stats().monitoring.users === 1);
      recordJob(tracking, 'watched');
      await waitFor('the frames', () => frames.flatMap(({ events }) => events).length === 3);
      expect(frames.flatMap(({ events }) => events.map(({ type }) => type))).toEqual([
        'flow_start',
        'checkpoint',
        'flow_end',
      ]);
      await setGrant('ann', null);
      await waitFor('its end is known', () => tracking.stats().monitoring.users === 0);
    } finally {
      listener.disconnect();
    }
  });

  it('goes on after its connections were killed', async () => {
    recordJob(tracking, 'before');
    expect(await tracking.flush()).toBe(true);
    const before = await connections();
    expect(before.length).toBeGreaterThanOrEqual(2);
    for (const type of ['normal', 'pubsub']) await admin.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
    recordJob(tracking, 'after');
    await waitFor('all is written', () => tracking.stats().written === 6);
    const events = await streamEvents();
    expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(tracking.stats().dropped).toEqual({ queue_full: 0, closed: 0 });
    await untilListening();
    expect((await connections()).filter((id) => before.includes(id))).toEqual([]);
    await setGrant('bob', Date.now() + 60_000);
    await waitFor('the grant is known', () => tracking.stats().monitoring.users === 1);
  });
});

describe.each([
  ['6', (url: string, options: OwnOptions): AnyClient => new Redis(url, options)],
  ['5', (url: string, options: OwnOptions): AnyClient => new Redis5(url, options)],
])("an application's client of ioredis %s", (_version, create) => {
  it('is neither used, changed nor closed', async () => {
    const client = create(`${server.url}/${db}`, ofTheApplication);
    try {
      await client.ping();
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

  it('that has not connected stays so', async () => {
    const client = create(`${server.url}/${db}`, { ...ofTheApplication, lazyConnect: true });
    const tracking = track(client);
    recordJob(tracking, 'job');
    expect(await tracking.flush()).toBe(true);
    await tracking.close();
    expect(client.status).toBe('wait');
  });
});
