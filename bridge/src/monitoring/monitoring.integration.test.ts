import { redisKeys, type AuditEntry, type AuditPage } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import type { Client } from 'pg';
import { request, startTestBridge } from '../../../test/support/bridge';
import { connectHistory, insertFlows } from '../../../test/support/history-rows';
import { connectLive } from '../../../test/support/live-client';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../../test/support/services';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let redis: Redis;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let client: Client;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix });
  client = await connectHistory(database.url);
});

afterAll(async () => {
  await client.end();
  await bridge.stop();
  await redis.del(...(await redis.keys(`${prefix}*`)), keys.dead);
  await redis.quit();
  await database.drop();
});

const api = (method: string, path: string, actor?: string) =>
  request(`${bridge.url}/api/v1${path}`, { method, headers: actor === undefined ? {} : { 'x-grafana-user': actor } });

async function audit(query: string): Promise<AuditEntry[]> {
  const { body } = await api('GET', `/monitoring/audit?${query}`);
  return (body as AuditPage).entries;
}

describe('monitoring', () => {
  it('keeps who enabled, extended and disabled it, and why, newest first', async () => {
    const reason = encodeURIComponent('ticket\r\n\x1b[31m 42 ');
    const enabled = await api('POST', `/monitoring/enable/u1?ttl_hours=1&reason=${reason}`, 'ada');
    expect(enabled.body.grant).toMatchObject({ user_id: 'u1', enabled_by: 'ada', reason: 'ticket [31m 42' });
    await api('POST', '/monitoring/enable/u1?ttl_hours=2&reason=longer', 'bob');
    const { body } = await api('GET', '/monitoring/list');
    expect(body.grants).toEqual([expect.objectContaining({ user_id: 'u1', enabled_by: 'bob', reason: 'longer' })]);
    await api('POST', '/monitoring/disable/u1?reason=done', 'ada');

    expect((await audit('user=u1')).map(({ action, actor, reason }) => [action, actor, reason])).toEqual([
      ['disable', 'ada', 'done'],
      ['extend', 'bob', 'longer'],
      ['enable', 'ada', 'ticket [31m 42'],
    ]);
    expect(await audit('user=u1&action=extend')).toEqual([
      {
        ...(await audit('user=u1'))[1],
        expires_ts: expect.any(Number),
        ts: expect.any(Number),
        id: expect.any(Number),
      },
    ]);
  });

  it('pages through the audit by cursor and bounds it by time', async () => {
    const before = Date.now();
    for (let i = 0; i < 5; i++) await api('POST', '/monitoring/enable/u2?ttl_hours=1');
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await api('GET', `/monitoring/audit?user=u2&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body as AuditPage).entries.map((entry) => entry.id));
      cursor = body.next_cursor as string | null;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a));
    // Clocks of Postgres and of this process are the same machine's.
    expect(await audit(`user=u2&from=${before - 1}`)).toHaveLength(5);
    expect(await audit(`user=u2&to=${before - 1}`)).toEqual([]);
    expect((await api('GET', '/monitoring/audit?cursor=nonsense')).body.error.code).toBe('invalid_request');
  });

  it.each(['0', '-1', 'abc', '1e9', '169', '', 'Infinity', '0x10', '1&ttl_hours=2'])(
    'refuses ttl_hours=%s',
    async (hours) => {
      const { status, body } = await api('POST', `/monitoring/enable/refused?ttl_hours=${hours}`);
      expect([status, body.error.code]).toEqual([400, 'invalid_request']);
      expect(body.error.details).toEqual([expect.objectContaining({ field: 'ttl_hours' })]);
      expect(await audit('user=refused')).toEqual([]);
    },
  );

  it('refuses a reason of more than 500 characters, and a user id with NUL', async () => {
    const long = await api('POST', `/monitoring/enable/refused?reason=${'x'.repeat(501)}`);
    expect(long.body.error.details).toEqual([expect.objectContaining({ field: 'reason' })]);
    expect((await api('POST', '/monitoring/enable/a%00b')).body.error.code).toBe('invalid_request');
  });
});

describe('erasure', () => {
  const count = async (table: string, user: string) => {
    const where = table === 'flows' ? 'f.user_id = $1' : 'f.user_id = $1 AND p.node_id IS NOT NULL';
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM flow.flows AS f LEFT JOIN flow.checkpoints AS p USING (flow_day, flow_id) WHERE ${where}`,
      [user],
    );
    return rows[0]?.n;
  };

  it("takes a user's flows, checkpoints and grant away, tells the viewers and audits it, and no one else's", async () => {
    const mine = Array.from({ length: 450 }, () => ({ user_id: 'gone', checkpoints: Array<string>(15).fill('step') }));
    const ids = await insertFlows(client, mine);
    await insertFlows(client, [{ user_id: 'stays', session_id: String(ids[0]), checkpoints: ['a', 'b'] }]);
    await api('POST', '/monitoring/enable/gone?ttl_hours=1');
    const viewer = await connectLive(`${bridge.liveUrl}/gone`);
    const isEnabled = (enabled: boolean) => (frame: object) => 'enabled' in frame && frame.enabled === enabled;
    await viewer.next('monitoring', isEnabled(true));

    const { status, body } = await api('DELETE', '/users/gone?reason=request%204711', 'dpo');
    expect([status, body]).toEqual([
      200,
      { user_id: 'gone', flows: 450, checkpoints: 6_750, monitoring_disabled: true, pending: false },
    ]);
    await viewer.next('monitoring', isEnabled(false));
    await viewer.close();
    expect(await redis.zscore(keys.monitoring, 'gone')).toBeNull();
    const left = await client.query('SELECT FROM flow.checkpoints WHERE flow_id = ANY($1)', [ids]);
    expect([await count('flows', 'gone'), left.rowCount, await count('checkpoints', 'stays')]).toEqual([0, 0, 2]);
    expect((await audit('user=gone')).map(({ action, actor, reason }) => [action, actor, reason])).toEqual([
      ['erase', 'dpo', 'request 4711 (450 flows, 6750 checkpoints)'],
      ['disable', 'dpo', 'request 4711'],
      ['enable', null, null],
    ]);
  });

  it('can be repeated', async () => {
    const { body } = await api('DELETE', '/users/gone');
    expect(body).toEqual({ user_id: 'gone', flows: 0, checkpoints: 0, monitoring_disabled: false, pending: false });
  });

  it('takes a flow of more checkpoints than are deleted at once', async () => {
    await insertFlows(client, [{ user_id: 'deep', checkpoints: Array<string>(12_000).fill('step') }]);
    const { body } = await api('DELETE', '/users/deep');
    expect(body).toMatchObject({ flows: 1, checkpoints: 12_000 });
    expect(await count('flows', 'deep')).toBe(0);
  });
});
