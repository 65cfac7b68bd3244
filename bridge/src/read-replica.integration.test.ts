import { redisKeys, type Check, type RedisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { request, startTestBridge } from '../../test/support/bridge';
import { addEvents, chatFlow } from '../../test/support/flow-events';
import { connectLive } from '../../test/support/live-client';
import { startReplicatedPostgres, type ReplicatedPostgres } from '../../test/support/replicated-postgres';
import { createTestDatabase, redisUrl, uniquePrefix } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';
import { readConfig } from './config';
import { createLogger } from './platform/logger';
import { closePools, openPools } from './platform/postgres/pools';

describe('the pools', () => {
  it('let nobody write who only reads, also where all are one server', async () => {
    const database = await createTestDatabase();
    const migrationsDir = join(__dirname, '..', '..', 'migrations');
    const config = { ...readConfig({ DATABASE_URL: database.url }), migrationsDir };
    const pools = await openPools(config, createLogger('silent', 'json'));
    const write = `INSERT INTO flow.losses (instance, kind, count) VALUES ('i', 'flows_lost', 1)`;
    try {
      for (const pool of [pools.primary, pools.writer]) expect((await pool.query(write)).rowCount).toBe(1);
      for (const pool of [pools.reader, pools.search])
        await expect(pool.query(write)).rejects.toMatchObject({ code: '25006' });
    } finally {
      await closePools(pools);
      await database.drop();
    }
  });
});

describe('a bridge with a replica', () => {
  let servers: ReplicatedPostgres;
  let bridge: Awaited<ReturnType<typeof startTestBridge>>;
  let redis: Redis;
  let keys: RedisKeys;

  beforeAll(async () => {
    servers = await startReplicatedPostgres();
    const prefix = uniquePrefix();
    keys = redisKeys(prefix);
    redis = new Redis(redisUrl());
    bridge = await startTestBridge({
      databaseUrl: servers.primaryUrl,
      prefix,
      env: { DATABASE_READ_URL: servers.replicaUrl },
    });
    await servers.untilCaughtUp();
  }, 90_000);

  afterAll(async () => {
    await bridge.stop();
    await redis.quit();
    await servers.remove();
  }, 30_000);

  /** Records a flow, and waits until it is committed. */
  const record = async (userId: string): Promise<string> => {
    const events = chatFlow({ userId });
    const { written } = bridge.counts;
    await addEvents(redis, keys, events);
    await waitFor('the flow is committed', () => bridge.counts.written >= written + events.length);
    return events[0]!.flow_id;
  };
  const flowsOf = async (userId: string): Promise<string[]> => {
    const { body } = await request(`${bridge.url}/api/v1/flows/user/${userId}`);
    return (body.flows as { flow_id: string }[]).map(({ flow_id }) => flow_id);
  };
  const replicaCheck = async (): Promise<Check> => {
    const { body } = await request(`${bridge.url}/api/v1/checks`);
    return (body.checks as Check[]).find(({ id }) => id === 'postgres_replica')!;
  };

  it('answers every question from the replica', async () => {
    const flowId = await record('ann');
    await servers.untilCaughtUp();
    expect(await flowsOf('ann')).toEqual([flowId]);
    const paths = [
      `flows/${flowId}`,
      'flows?q=ann',
      `flows/session/${flowId}`,
      'flows/running',
      'stats/checkpoints',
      'stats/checkpoints/summary',
      'stats/checkpoints/histogram',
      'checkpoints',
      'checkpoints/slow?min_duration_ms=1',
      'users',
      'services',
      'flows/export?format=json',
    ];
    for (const path of paths)
      expect([path, (await request(`${bridge.url}/api/v1/${path}`)).status]).toEqual([path, 200]);
    expect(await replicaCheck()).toMatchObject({ status: 'ok' });
  });

  it('shows viewers the newest from the primary while the replica is behind', async () => {
    await servers.setReplaying(false);
    try {
      const flowId = await record('bob');
      expect(await flowsOf('bob')).toEqual([]);
      const viewer = await connectLive(`${bridge.liveUrl}/bob`);
      const snapshot = await viewer.next('snapshot');
      expect(snapshot.flows.map(({ flow_id }) => flow_id)).toEqual([flowId]);
      await viewer.close();
      await servers.setReplaying(true);
      await servers.untilCaughtUp();
      expect(await flowsOf('bob')).toEqual([flowId]);
    } finally {
      await servers.setReplaying(true);
    }
  });

  it('writes history, grants and erases while the replica is away, and says that it is', async () => {
    await servers.stopReplica();
    try {
      await record('cid');
      const asked = await request(`${bridge.url}/api/v1/flows/user/cid`);
      expect([asked.status, asked.body.error.code]).toEqual([503, 'postgres_unavailable']);
      const granted = await request(`${bridge.url}/api/v1/monitoring/enable/cid`, { method: 'POST' });
      expect(granted.status).toBe(200);
      const ready = await request(`${bridge.url}/readyz`);
      expect([ready.status, ready.body.checks.postgres]).toEqual([200, 'ok']);
      expect(ready.body.checks.postgres_replica).not.toBe('ok');
      expect(await replicaCheck()).toMatchObject({ status: 'fail' });
      const erased = await request(`${bridge.url}/api/v1/users/cid`, { method: 'DELETE' });
      expect(erased.body).toMatchObject({ flows: 1, monitoring_disabled: true });
    } finally {
      await servers.startReplica();
    }
    await servers.untilCaughtUp();
    expect(await flowsOf('cid')).toEqual([]);
    expect((await request(`${bridge.url}/readyz`)).body.checks.postgres_replica).toBe('ok');
  }, 60_000);
});
