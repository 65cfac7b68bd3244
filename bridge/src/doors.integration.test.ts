import { connect } from 'node:net';
import { request, startTestBridge } from '../../test/support/bridge';
import { connectLive } from '../../test/support/live-client';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../test/support/services';

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix: uniquePrefix(),
    env: {
      FLOW_READ_TOKENS: 'reader,reader-2',
      FLOW_CONTROL_TOKENS: 'controller',
      FLOW_ALLOWED_ORIGINS: 'http://ok.example',
    },
  });
});

afterAll(async () => {
  await bridge.stop();
  await database.drop();
});

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe('HTTP', () => {
  it.each(['/api/v1/flows', '/api/v1/flows/user/1', '/api/v1/monitoring/list', '/api/v1/users', '/unknown'])(
    'tells nothing of %s without a token',
    async (path) => {
      const { status, body } = await request(bridge.url + path);
      expect([status, body.error.code]).toEqual([401, 'unauthorized']);
    },
  );

  it('takes every read token, for rotation, and the control token', async () => {
    for (const token of ['reader', 'reader-2', 'controller']) {
      expect((await request(`${bridge.url}/api/v1/flows`, { headers: bearer(token) })).status).toBe(200);
    }
  });

  it('changes nothing with a read token', async () => {
    const enable = `${bridge.url}/api/v1/monitoring/enable/1`;
    const refused = await request(enable, { method: 'POST', headers: bearer('reader') });
    expect([refused.status, refused.body.error.code]).toEqual([403, 'forbidden']);
    const list = await request(`${bridge.url}/api/v1/monitoring/list`, { headers: bearer('reader') });
    expect(list.body.grants).toEqual([]);
    const taken = await request(enable, {
      method: 'POST',
      headers: { ...bearer('controller'), 'x-grafana-user': 'ada' },
    });
    expect(taken.body.grant).toMatchObject({ user_id: '1', enabled_by: 'ada' });
  });

  it('refuses pages of other origins even with a token', async () => {
    const headers = { ...bearer('controller'), origin: 'http://evil.example' };
    const { status, body } = await request(`${bridge.url}/api/v1/monitoring/disable/1`, { method: 'POST', headers });
    expect([status, body.error.code]).toEqual([403, 'origin_refused']);
  });

  it('answers health to everyone', async () => {
    expect((await request(`${bridge.url}/healthz`)).body).toEqual({ status: 'ok' });
    expect((await request(`${bridge.url}/readyz`)).body.checks).toEqual({ postgres: 'ok', redis: 'ok' });
  });
});

describe('WebSocket', () => {
  it.each([
    ['no token', {}, 401],
    ['a wrong token', { headers: bearer('x') }, 401],
    ['a foreign origin', { headers: bearer('reader'), origin: 'http://evil.example' }, 403],
    ['the null origin', { headers: bearer('reader'), origin: 'null' }, 403],
  ])('is not opened with %s', async (_what, options, status) => {
    await expect(connectLive(`${bridge.liveUrl}/1`, options)).rejects.toMatchObject({ status });
  });

  it.each(['/ws', '/ws/flows/1/2', '/ws/flows/%ff', '/ws/flows/', '/'])('is not opened on %s', async (path) => {
    const url = bridge.liveUrl.replace('/ws/flows', path);
    await expect(connectLive(url, { headers: bearer('reader') })).rejects.toHaveProperty('status');
  });

  it('is opened with a read token, from an allowed origin or from none', async () => {
    for (const options of [{ headers: bearer('reader') }, { headers: bearer('reader'), origin: 'http://ok.example' }]) {
      const client = await connectLive(`${bridge.liveUrl}/1`, options);
      await client.next('hello');
      await client.close();
    }
  });

  it('survives clients that break off in the middle of the upgrade', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(bridge.port, '127.0.0.1');
      socket.write('GET /ws/flows HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.resetAndDestroy();
    }
    expect((await request(`${bridge.url}/healthz`)).status).toBe(200);
  });
});
