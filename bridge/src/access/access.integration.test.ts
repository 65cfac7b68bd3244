import { PROTOCOL_VERSION } from '@flow-tracking/protocol';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request, startTestBridge } from '../../../test/support/bridge';
import { connectLive } from '../../../test/support/live-client';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';

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

  it('lets no form of another page switch monitoring, with or without a token', async () => {
    const form = { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' };
    for (const headers of [form, { ...form, ...bearer('controller') }, { ...form, origin: 'null' }]) {
      const enable = `${bridge.url}/api/v1/monitoring/enable/2`;
      const { status, body } = await request(enable, { method: 'POST', headers, body: 'a=b' });
      expect([status, body.error.code]).toEqual([403, 'origin_refused']);
    }
  });

  it('answers health to everyone', async () => {
    expect((await request(`${bridge.url}/healthz`)).body).toEqual({ status: 'ok', protocol: PROTOCOL_VERSION });
    expect((await request(`${bridge.url}/readyz`)).body.checks).toEqual({ postgres: 'ok', redis: 'ok', history: 'ok' });
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

describe('limits', () => {
  let limited: typeof bridge;

  beforeEach(async () => {
    limited = await startTestBridge({
      databaseUrl: database.url,
      prefix: uniquePrefix(),
      env: { FLOW_READ_TOKENS: 'reader', FLOW_CONTROL_TOKENS: 'controller,other', FLOW_CONTROL_RATE_PER_MINUTE: '3' },
    });
  });
  afterEach(() => limited.stop());

  it('lets a token change things only so often, and says when to try again', async () => {
    const disable = (token: string) =>
      fetch(`${limited.url}/api/v1/monitoring/disable/1`, { method: 'POST', headers: { authorization: token } });
    for (let i = 0; i < 3; i++) expect((await disable('Bearer controller')).status).toBe(200);
    for (const spelling of ['Bearer controller', 'bearer controller', 'BEARER controller']) {
      const refused = await disable(spelling);
      expect(refused.status).toBe(429);
      expect(await refused.json()).toMatchObject({ error: { code: 'rate_limited', message: expect.any(String) } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await disable('Bearer other')).status).toBe(200);
    const list = `${limited.url}/api/v1/monitoring/list`;
    expect((await request(list, { headers: bearer('controller') })).status).toBe(200);
  });

  it('lets nobody guess tokens at speed, by whichever door or under whatever name, and keeps out no one else', async () => {
    const flows = `${limited.url}/api/v1/flows`;
    expect((await request(flows, { headers: bearer('reader') })).status).toBe(200);
    const guess = async (i: number): Promise<number> => {
      const headers = { ...bearer(`guess-${i}`), 'x-forwarded-for': `198.51.100.${i}` };
      if (i % 2 === 0) return (await request(flows, { headers })).status;
      return connectLive(limited.liveUrl, { headers }).then(
        () => 101,
        (error: { status: number }) => error.status,
      );
    };
    for (let i = 0; i < 30; i++) expect(await guess(i)).toBe(401);
    expect([await guess(30), await guess(31)]).toEqual([429, 429]);
    const refused = await fetch(flows, { headers: bearer('guess') });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await request(flows, { headers: bearer('controller') })).body.error.code).toBe('rate_limited');
    expect((await request(flows, { headers: bearer('reader') })).status).toBe(200);
  });
});

describe('token files', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'flow-tokens-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const startWith = (files: { read: string; control: string }) =>
    startTestBridge({
      databaseUrl: database.url,
      prefix: uniquePrefix(),
      env: { FLOW_READ_TOKENS_FILE: files.read, FLOW_CONTROL_TOKENS_FILE: files.control },
    });

  it('are read again when they change, so that rotation takes no restart', async () => {
    const files = { read: join(dir, 'read'), control: join(dir, 'control') };
    await writeFile(files.read, '# of Grafana\n\n  old-reader  \r\n');
    await writeFile(files.control, 'controller\n');
    const rotated = await startWith(files);
    const statusOf = async (token: string) =>
      (await request(`${rotated.url}/api/v1/flows`, { headers: bearer(token) })).status;
    try {
      expect([await statusOf('old-reader'), await statusOf('new-reader')]).toEqual([200, 401]);
      expect(await statusOf('#')).toBe(401);
      await writeFile(files.read, 'new-reader\n');
      await waitFor('the new token is taken', async () => (await statusOf('new-reader')) === 200);
      expect([await statusOf('old-reader'), await statusOf('controller')]).toEqual([401, 200]);
      // Half of a change is no change.
      await rm(files.control);
      await writeFile(files.read, '');
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect([await statusOf('new-reader'), await statusOf('controller')]).toEqual([200, 200]);
    } finally {
      await rotated.stop();
    }
  });

  it.each([
    ['are not there', undefined, /FLOW_READ_TOKENS_FILE: expected a file that can be read, got .*ENOENT/],
    ['are empty', '# nothing yet\n', /FLOW_READ_TOKENS_FILE: expected a token a line, got none/],
    ['hold what is no token', 'fine\nnot fine\n', /FLOW_READ_TOKENS_FILE: .*on line 2/],
  ])('keep the bridge from starting when they %s', async (_what, text, message) => {
    const files = { read: join(dir, 'read'), control: join(dir, 'control') };
    await writeFile(files.control, 'controller\n');
    if (text !== undefined) await writeFile(files.read, text);
    await expect(startWith(files)).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringMatching(message),
    });
  });
});
