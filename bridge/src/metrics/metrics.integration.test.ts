import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { request, startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow } from '../../../test/support/flow-events';
import { connectLive } from '../../../test/support/live-client';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let redis: Redis;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix });
});

afterAll(async () => {
  await bridge.stop();
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
  await database.drop();
});

/** The values of a scrape by name and labels, as they are spelled. */
async function scrape(url = bridge.url, headers: Record<string, string> = {}): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

describe('GET /metrics', () => {
  it('tells of what the bridge has done, and of the process', async () => {
    const viewer = await connectLive(`${bridge.liveUrl}/metered`);
    await request(`${bridge.url}/api/v1/monitoring/enable/metered`, { method: 'POST' });
    await addEvents(redis, keys, [...chatFlow(), { type: 'nonsense' }]);
    const values = await waitFor('the flow is written', async () => {
      const values = await scrape();
      return values.get('flow_bridge_history_events_written_total') === 8 && values;
    });
    expect(values.get('flow_bridge_history_dead_letters_total')).toBe(1);
    expect(values.get('flow_bridge_live_viewers')).toBe(1);
    expect(values.get('flow_bridge_monitoring_grants')).toBe(1);
    expect(values.get('flow_bridge_dependency_up{dependency="redis"}')).toBe(1);
    expect(values.get('flow_bridge_dependency_up{dependency="postgres"}')).toBe(1);
    expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    await viewer.close();
  });

  it('tells of running flows that are silent', async () => {
    const longAgo = Date.now() - 120_000;
    await addEvents(redis, keys, chatFlow({ startedTs: longAgo }).slice(0, 4));
    await addEvents(redis, keys, chatFlow().slice(0, 4));
    await waitFor('one of two running flows is stalled', async () => {
      return (await scrape()).get('flow_bridge_flows_stalled') === 1;
    });
  });

  it('counts requests by the pattern of their route, whether they fail or not', async () => {
    await request(`${bridge.url}/api/v1/monitoring/enable/1?ttl_hours=-1`, { method: 'POST' });
    await request(`${bridge.url}/API/v1/Flows/User/someone/`);
    await request(`${bridge.url}/nowhere/at/all`);
    const count = 'flow_bridge_http_request_duration_seconds_count';
    const values = await scrape();
    expect(values.get(`${count}{method="POST",route="/api/v1/monitoring/enable/:userId",status="4xx"}`)).toBe(1);
    expect(values.get(`${count}{method="GET",route="/api/v1/flows/user/:userId",status="2xx"}`)).toBe(1);
    expect(values.get(`${count}{method="GET",route="unknown",status="4xx"}`)).toBe(1);
    expect([...values.keys()].filter((key) => /someone|nowhere|Flows/.test(key))).toEqual([]);
  });

  it('answers while Redis is away, and says so', async () => {
    const lonely = await startTestBridge({
      databaseUrl: database.url,
      prefix: uniquePrefix(),
      env: { REDIS_URL: 'redis://127.0.0.1:1' },
    });
    const values = await scrape(lonely.url).finally(() => lonely.stop());
    expect(values.get('flow_bridge_dependency_up{dependency="redis"}')).toBe(0);
    expect(values.get('flow_bridge_dependency_up{dependency="postgres"}')).toBe(1);
  });

  it('asks for a read token where tokens are set, unless it is declared open', async () => {
    const env = { FLOW_READ_TOKENS: 'reader-of-metrics', FLOW_CONTROL_TOKENS: 'controller-of-bridge' };
    const options = { databaseUrl: database.url, prefix: uniquePrefix() };
    const closed = await startTestBridge({ ...options, env });
    const open = await startTestBridge({ ...options, env: { ...env, FLOW_METRICS_OPEN: 'true' } });
    try {
      expect((await fetch(`${closed.url}/metrics`)).status).toBe(401);
      await scrape(closed.url, { authorization: 'Bearer reader-of-metrics' });
      await scrape(open.url);
      expect((await fetch(`${open.url}/metrics`, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
      expect((await fetch(`${open.url}/api/v1/flows`)).status).toBe(401);
    } finally {
      await Promise.all([closed.stop(), open.stop()]);
    }
  });
});
