import { redisKeys, type CheckpointRecord, type FlowDetail, type FlowPage } from '@flow-tracking/protocol';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Client } from 'pg';
import { WebSocket } from 'ws';
import { request } from '../support/bridge';
import { connectHistory, insertFlows } from '../support/history-rows';
import { connectLive } from '../support/live-client';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../support/services';
import { waitFor } from '../support/wait-for';
import { startBridgeProcess, type BridgeProcess } from './support/bridge-process';
import { p90, watchHealth } from './support/health-watch';

const MB = 1024 * 1024;
const FAT_NODES = 2_500;
/** Too little to hold the fat flow's 40 MB, as rows and as text, for four readers. */
const HEAP_MB = 160;
/** What other requests may take meanwhile, on a machine that is busy with the attack. */
const QUICK_MS = 1_000;
/** The same of a connection, a subscription and a snapshot, each time of several. */
const SNAPSHOT_MS = 4_000;

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let database: TestDatabase;
let client: Client;
let fatFlow: string;
let bridge: BridgeProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const first = await startBridgeProcess({ databaseUrl: database.url, prefix, heapMb: HEAP_MB });
  await first.process.stop();
  client = await connectHistory(database.url);
  const checkpoints = Array<string>(FAT_NODES).fill('step');
  [fatFlow = ''] = await insertFlows(client, [{ user_id: 'fat', session_id: 'fat', checkpoints }]);
  await client.query(
    `UPDATE flow.checkpoints SET attributes = jsonb_build_object('text', repeat(md5(node_id::text), 512)) WHERE flow_id = $1`,
    [fatFlow],
  );
  await insertFlows(client, [{ user_id: 'thin', session_id: 'thin' }]);
  await insertFlows(
    client,
    Array.from({ length: 120 }, () => ({ user_id: 'wordy' })),
  );
  await client.query(
    `UPDATE flow.flows SET attributes = jsonb_build_object('text', repeat('x', 60000)) WHERE user_id = 'wordy'`,
  );
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

/** A bridge for the attacks of one block. */
function useBridge(env: Record<string, string> = {}): void {
  beforeAll(async () => {
    bridge = await startBridgeProcess({ databaseUrl: database.url, prefix, heapMb: HEAP_MB, env });
  });
  afterAll(async () => {
    await bridge.process.stop();
  });
}

/** Reads all pages of a flow; waits where it is told to. */
async function readFlow(path: string): Promise<CheckpointRecord[]> {
  const nodes: CheckpointRecord[] = [];
  const separator = path.includes('?') ? '&' : '?';
  for (let cursor: string | null = ''; cursor !== null;) {
    const response = await fetch(`${bridge.url}${path}${cursor && `${separator}cursor=${cursor}`}`);
    if (response.status === 503) {
      await response.text();
      await delay(Number(response.headers.get('retry-after')) * 1_000);
      continue;
    }
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text.length).toBeLessThan(12 * MB);
    const page = JSON.parse(text) as FlowDetail;
    nodes.push(...page.checkpoints);
    cursor = page.next_cursor;
  }
  return nodes;
}

describe('answers that are large', () => {
  useBridge();

  it('survives four readers of one fat flow, answers others meanwhile, and gives every node', async () => {
    const health = watchHealth(bridge.url);
    const paths = [`/api/v1/flows/${fatFlow}`, `/api/v1/flows/${fatFlow}`, `/api/v1/flows/${fatFlow}`];
    const read = await Promise.all([...paths, '/api/v1/flows/session/fat'].map(readFlow));
    for (const nodes of read) {
      expect(nodes).toHaveLength(FAT_NODES);
      expect(nodes.every(({ node_id }, i) => node_id === i + 1)).toBe(true);
    }
    expect(p90(await health.stop())).toBeLessThan(QUICK_MS);
  }, 120_000);

  it('survives viewers of the user with a fat flow, and tells them what is missing', async () => {
    const viewers = await Promise.all(Array.from({ length: 4 }, () => connectLive(`${bridge.liveUrl}/fat`)));
    for (const viewer of viewers) {
      const snapshot = await viewer.next('snapshot');
      expect(snapshot.flows.map((flow) => flow.flow_id)).toEqual([fatFlow]);
      expect((snapshot as { truncated?: string[] }).truncated).toEqual([fatFlow]);
      expect(JSON.stringify(snapshot).length).toBeLessThan(8 * MB);
    }
    await Promise.all(viewers.map((viewer) => viewer.close()));
  });

  it('gives a page of flows with large attributes in bounded answers, and all of them', async () => {
    const ids = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const response = await fetch(`${bridge.url}/api/v1/flows?user=wordy&limit=500${cursor && `&cursor=${cursor}`}`);
      const text = await response.text();
      expect(text.length).toBeLessThan(4 * MB);
      const page = JSON.parse(text) as FlowPage;
      for (const flow of page.flows) ids.add(flow.flow_id);
      cursor = page.next_cursor;
    }
    expect(ids.size).toBe(120);
  });
});

describe('a live client that asks without pause', () => {
  useBridge();

  /** Watches 128 fresh users and leaves them again, as fast as it can, until it is closed. */
  async function churn(): Promise<number> {
    const socket = new WebSocket(bridge.liveUrl);
    const closed = once(socket, 'close') as Promise<[number]>;
    socket.on('error', () => undefined);
    await once(socket, 'open');
    for (let round = 0; socket.readyState === socket.OPEN; round++) {
      const users = Array.from({ length: 128 }, (_, i) => `fresh-${round}-${i}`);
      for (const type of ['subscribe', 'unsubscribe']) socket.send(JSON.stringify({ type, users }));
      await delay(1);
    }
    return (await closed)[0];
  }

  it('is closed with a code of its own, and makes nobody else wait', async () => {
    const health = watchHealth(bridge.url);
    let isOver = false;
    const codes: number[] = [];
    const offender = (async () => {
      while (!isOver) codes.push(await Promise.race([churn(), delay(3_000, 0)]));
    })();
    const snapshotMs: number[] = [];
    for (let i = 0; i < 5; i++) {
      await delay(300);
      const startedMs = performance.now();
      const viewer = await connectLive(`${bridge.liveUrl}/thin`);
      expect((await viewer.next('snapshot')).flows).toHaveLength(1);
      snapshotMs.push(performance.now() - startedMs);
      await viewer.close();
    }
    isOver = true;
    await offender;
    expect(new Set(codes)).toEqual(new Set([4029]));
    expect(Math.max(...snapshotMs)).toBeLessThan(SNAPSHOT_MS);
    expect(p90(await health.stop())).toBeLessThan(QUICK_MS);
  });

  it('is not one that watches 128 users by one frame', async () => {
    const viewer = await connectLive(bridge.liveUrl);
    viewer.send({ type: 'subscribe', users: Array.from({ length: 128 }, (_, i) => `usual-${i}`) });
    await viewer.next('snapshot', (frame) => frame.user_id === 'usual-127');
    await viewer.close();
  });
});

describe('exports that nobody reads', () => {
  useBridge({ FLOW_READER_IDLE_S: '3' });

  it('hold little memory, refuse more of their kind, and end', async () => {
    const before = bridge.rss();
    const heads: string[] = [];
    const sockets: Socket[] = Array.from({ length: 30 }, () => {
      const socket = connect({ port: Number(new URL(bridge.url).port), host: '127.0.0.1' });
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        heads.push(data.toString());
        socket.pause();
      });
      socket.write('GET /api/v1/flows/export HTTP/1.1\r\nHost: localhost\r\n\r\n');
      return socket;
    });
    await waitFor('every export is answered', () => heads.length === sockets.length, 20_000);
    const refused = heads.filter((head) => head.startsWith('HTTP/1.1 503'));
    expect(refused.length).toBeGreaterThan(20);
    for (const head of refused) expect(head).toMatch(/retry-after: \d+[^]*too_many_exports/i);
    expect(bridge.rss() - before).toBeLessThan(150 * MB);
    expect((await request(`${bridge.url}/api/v1/flows?user=thin`)).body.flows).toHaveLength(1);
    const next = await waitFor(
      'an export is cut off',
      async () => {
        const response = await fetch(`${bridge.url}/api/v1/flows/export?user=thin`);
        const text = await response.text();
        return response.ok ? text : undefined;
      },
      20_000,
    );
    expect(next.trimEnd().split('\n')).toHaveLength(1);
    for (const socket of sockets) socket.destroy();
  });
});

describe('requests of an odd kind', () => {
  useBridge({ FLOW_CONTROL_RATE_PER_MINUTE: '20' });
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(redisUrl());
  });
  afterAll(() => redis.disconnect());

  it.each(['/healthz', '/api/v1/flows?user=thin'])('are answered when they offer h2c: %s', async (path) => {
    const asked = httpRequest(bridge.url + path, {
      headers: { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQCAAAAAAIAAAAA' },
    }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
    expect([response.statusCode, typeof JSON.parse(text)]).toEqual([200, 'object']);
  });

  it('with a forged cursor are never a fault of the bridge', async () => {
    const numbers = [-2.5e14, -1, 1.5, 253_402_300_799_999, 8.64e15, 1e300, 2 ** 31, 2 ** 63];
    const flowIds = [fatFlow, '7ZZZZZZZZZZZZZZZZZZZZZZZZZ', '', 'x\u0000', null, 7, {}];
    const positions: unknown[] = [[], {}, null, 'x', 7, [null], [[]], [''], ['1'], [true]];
    for (const number of numbers) {
      positions.push([number], [number, number], ...flowIds.map((id) => [number, id]));
      positions.push([number, fatFlow, number], [number, fatFlow, null], [number, fatFlow, 1, 1]);
    }
    const paths = ['flows?', 'flows/user/thin?', 'flows/session/fat?', `flows/${fatFlow}?`, 'monitoring/audit?'];
    const ask = async (path: string): Promise<void> => {
      for (const position of positions) {
        const cursor = Buffer.from(JSON.stringify(position)).toString('base64url');
        const response = await fetch(`${bridge.url}/api/v1/${path}cursor=${cursor}`);
        await response.arrayBuffer();
        expect([path, position, response.status < 500]).toEqual([path, position, true]);
      }
    };
    await Promise.all(paths.map(ask));
  });

  it('as bytes that are no UTF-8 do not disconnect the viewers of that user', async () => {
    const viewer = await connectLive(`${bridge.liveUrl}/utf8`);
    await viewer.next('snapshot');
    await redis.publish(keys.live('utf8'), Buffer.from([0x7b, 0xc3, 0x28, 0x7d]));
    await redis.publish(keys.live('utf8'), JSON.stringify({ type: 'events', user_id: 'utf8', events: [] }));
    expect(await Promise.race([viewer.next('events'), viewer.closed])).toMatchObject({ user_id: 'utf8' });
    await viewer.close();
  });

  it.each(['.', '..', 'a/../b', '%2e%2e'])('reach the user "%s" by query', async (user) => {
    const asked = encodeURIComponent(user);
    await insertFlows(client, [{ user_id: user, session_id: user }]);
    const api = `${bridge.url}/api/v1`;
    const post = { method: 'POST' };
    expect((await request(`${api}/monitoring/enable?user=${asked}`, post)).body.grant.user_id).toBe(user);
    expect((await request(`${api}/flows?user=${asked}`)).body.flows).toHaveLength(1);
    expect((await request(`${api}/flows/session?session=${asked}`)).body.flows).toHaveLength(1);
    const viewer = await connectLive(`${bridge.liveUrl}?user=${asked}`);
    expect((await viewer.next('snapshot')).flows).toHaveLength(1);
    await viewer.close();
    expect((await request(`${api}/monitoring/disable?user=${asked}`, post)).body).toEqual({
      user_id: user,
      disabled: true,
    });
    expect((await request(`${api}/users?user=${asked}`, { method: 'DELETE' })).body.flows).toBe(1);
  });

  it('that change things can not pass their limit by another Authorization each', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const init = { method: 'POST', headers: { authorization: `Bearer made-up-${i}` } };
        return (await request(`${bridge.url}/api/v1/monitoring/disable/nobody`, init)).status;
      }),
    );
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(20);
  });
});
