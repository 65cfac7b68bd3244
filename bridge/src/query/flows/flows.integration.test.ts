import { flowIdTime, type FlowRecord } from '@flow-tracking/protocol';
import type { Client } from 'pg';
import { request, startTestBridge } from '../../../../test/support/bridge';
import { connectHistory, insertFlows, type HistoryFlow } from '../../../../test/support/history-rows';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../../test/support/services';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const now = Date.now();

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let client: Client;

const FLOWS = {
  quick: { user_id: 'ada', started_ts: now - 10 * MINUTE, session_id: 'Talk-One' },
  slow: {
    user_id: 'ada',
    started_ts: now - 9 * MINUTE,
    duration_ms: 5_000,
    checkpoints: ['auth_check', 'llm_thinking'],
  },
  failed: {
    user_id: 'bob',
    started_ts: now - 8 * MINUTE,
    status: 'error',
    error: { type: 'TimeoutError', message: 'The Model took too long (50% of calls)' },
  },
  stuck: { user_id: 'bob', started_ts: now - 7 * MINUTE, status: 'running', checkpoints: ['tool_call'] },
  fresh: { user_id: null, started_ts: now - 1_000, status: 'running', trace_id: 'deadbeefcafe' },
  old: { user_id: 'old_user', started_ts: now - 20 * DAY, name: 'GET /old', checkpoints: ['auth_check', 'archived'] },
} satisfies Record<string, HistoryFlow>;
const names = new Map<string, string>();

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
  client = await connectHistory(database.url);
  const ids = await insertFlows(client, Object.values(FLOWS));
  for (const [i, name] of Object.keys(FLOWS).entries()) names.set(String(ids[i]), name);
});

afterAll(async () => {
  await client.end();
  await bridge.stop();
  await database.drop();
});

const idOf = (name: keyof typeof FLOWS): string => String([...names].find(([, known]) => known === name)?.[0]);

async function find(query: string, path = '/flows'): Promise<string[]> {
  const { status, body } = await request(`${bridge.url}/api/v1${path}?${query}`);
  expect([status, body.error]).toEqual([200, undefined]);
  return (body.flows as FlowRecord[]).map((flow) => String(names.get(flow.flow_id)));
}

describe('GET /flows', () => {
  it.each([
    ['', ['fresh', 'stuck', 'failed', 'slow', 'quick', 'old']],
    ['user=ada', ['slow', 'quick']],
    ['session=Talk-One', ['quick']],
    ['status=running', ['fresh', 'stuck']],
    ['status=error', ['failed']],
    ['checkpoint=llm_thinking', ['slow']],
    ['checkpoint=auth_check&status=ok', ['slow', 'quick']],
    ['min_duration_ms=5000', ['stuck', 'slow']],
    ['min_duration_ms=5000&status=running', ['stuck']],
    ['min_duration_ms=500', ['fresh', 'stuck', 'slow']],
    [`from=${now - 8 * MINUTE}&to=${now - 7 * MINUTE}`, ['stuck', 'failed']],
    [`from=${new Date(now - 8 * MINUTE).toISOString()}`, ['fresh', 'stuck', 'failed']],
    ['user=nobody', []],
    ['user=ada&user=bob', ['stuck', 'failed', 'slow', 'quick']],
    ['user=ada&user=ada&user=nobody', ['slow', 'quick']],
    ['user=ada&user=bob&limit=3', ['stuck', 'failed', 'slow']],
    ['session=Talk-One&session=none', ['quick']],
    ['user=ada&user=bob&session=Talk-One&session=none', ['quick']],
    ['status=error&status=running', ['fresh', 'stuck', 'failed']],
    ['status=lost&status=aborted', []],
    ['checkpoint=llm_thinking&checkpoint=tool_call', ['stuck', 'slow']],
    ['service=chat', ['fresh', 'stuck', 'failed', 'slow', 'quick']],
    ['service=chat&user=old_user', ['old']],
    ['service=other&service=none', []],
  ])('filters by %s', async (query, expected) => {
    expect(await find(query)).toEqual(expected);
  });

  it.each([
    ['TALK-one', ['quick']],
    ['the model took', ['failed']],
    ['50%', ['failed']],
    ['o_k', []],
    ['bob', ['stuck', 'failed']],
    ['BEEF', ['fresh']],
    ['/ASK/', ['fresh', 'stuck', 'failed', 'slow', 'quick']],
    ["'; DROP TABLE flow.flows; --", []],
  ])('finds flows by %s', async (text, expected) => {
    expect(await find(`q=${encodeURIComponent(text)}`)).toEqual(expected);
  });

  it('finds a flow by its whole id, or a part of it, in lower case', async () => {
    expect(await find(`q=${idOf('slow').toLowerCase()}`)).toEqual(['slow']);
    expect(await find(`q=${idOf('slow').slice(-6).toLowerCase()}`)).toEqual(['slow']);
  });

  it('searches the last seven days unless it is told a time', async () => {
    expect(await find('q=/old')).toEqual([]);
    expect(await find('checkpoint=archived')).toEqual([]);
    expect(await find(`q=/old&from=${now - 30 * DAY}`)).toEqual(['old']);
    expect(await find(`checkpoint=archived&to=${now - 19 * DAY}`)).toEqual(['old']);
  });

  it("takes the same filters for one user's flows", async () => {
    expect(await find('min_duration_ms=1000', '/flows/user/ada')).toEqual(['slow']);
    const { status, body } = await request(`${bridge.url}/api/v1/flows/user/ada?user=bob`);
    expect([status, body.error.details]).toEqual([400, [expect.objectContaining({ field: 'user', got: 'bob' })]]);
  });

  it.each([
    ['cursor=x', 'cursor'],
    [`cursor=${Buffer.from('[1,2]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('[1e300,"01J0000000000000000000000A"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('{"length":2}').toString('base64url')}`, 'cursor'],
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=1e3', 'limit'],
    ['limit=2.5', 'limit'],
    ['limit=', 'limit'],
    ['status=done', 'status'],
    ['min_duration_ms=-1', 'min_duration_ms'],
    ['min_duration_ms=NaN', 'min_duration_ms'],
    ['from=1e18', 'from'],
    ['to=99999999999999999', 'to'],
    ['q=', 'q'],
    ['q=a%00b', 'q'],
    ['user=%00', 'user'],
    [`user=${'u'.repeat(256)}`, 'user'],
    ['user=a&user=', 'user'],
    [`user=${Array(51).fill('a').join('&user=')}`, 'user'],
    ['service=', 'service'],
    ['status=ok&status=done', 'status'],
    ['from=1&from=2', 'from'],
    ['colour=red', 'colour'],
  ])('refuses %s, naming the field', async (query, field) => {
    const { status, body } = await request(`${bridge.url}/api/v1/flows?${query}`);
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    expect(body.error.details).toEqual([{ field, expected: expect.any(String), got: expect.any(String) }]);
  });

  it('pages through the flows of several users, each once', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await request(
        `${bridge.url}/api/v1/flows?user=ada&user=bob&limit=1${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...(body.flows as FlowRecord[]).map((flow) => String(names.get(flow.flow_id))));
      cursor = body.next_cursor as string | null;
    }
    expect(seen).toEqual(['stuck', 'failed', 'slow', 'quick']);
  });

  it('tells every field that is wrong', async () => {
    const { body } = await request(`${bridge.url}/api/v1/flows?limit=x&status=y`);
    const fields = (body.error.details as { field: string }[]).map(({ field }) => field);
    expect(fields.sort()).toEqual(['limit', 'status']);
  });
});

describe('big answers', () => {
  it('pages through a session of more flows than an answer holds, each once', async () => {
    const flows = Array.from({ length: 450 }, (_, i) => ({
      session_id: 'long',
      user_id: 'long',
      started_ts: now - DAY + i,
    }));
    await insertFlows(client, flows);
    const seen: FlowRecord[] = [];
    const pages: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await request(`${bridge.url}/api/v1/flows/session/long${cursor && `?cursor=${cursor}`}`);
      pages.push(body.flows.length);
      expect(body.checkpoints).toHaveLength(body.flows.length);
      seen.unshift(...(body.flows as FlowRecord[]));
      cursor = body.next_cursor as string | null;
    }
    expect(pages).toEqual([200, 200, 50]);
    expect(seen.map((flow) => flow.started_ts)).toEqual(flows.map((flow) => flow.started_ts));
  });

  it('answers a flow of 60,000 nodes, each the child of the one before, in pages and without a gap', async () => {
    const checkpoints = Array.from({ length: 60_000 }, (_, i) => `step_${i % 7}`);
    const [flowId] = await insertFlows(client, [{ user_id: 'deep', session_id: 'deep', checkpoints }]);
    const nodes: { node_id: number }[] = [];
    const pages: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await request(`${bridge.url}/api/v1/flows/${flowId}${cursor && `?cursor=${cursor}`}`);
      nodes.push(...(body.checkpoints as typeof nodes));
      pages.push(body.checkpoints.length);
      cursor = body.next_cursor as string | null;
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]).toBeGreaterThan(20_000);
    expect(nodes.every(({ node_id }, i) => node_id === i + 1)).toBe(true);
    expect(nodes).toHaveLength(60_000);
  });
});

describe('GET /users', () => {
  it('lists users by their newest flow, with a count that stops at 100', async () => {
    const started_ts = now - 30 * MINUTE;
    await insertFlows(
      client,
      Array.from({ length: 110 }, () => ({ user_id: 'busy', started_ts })),
    );
    const { body } = await request(`${bridge.url}/api/v1/users?from=${now - 2 * 60 * MINUTE}`);
    const listed = (body.users as { user_id: string; flow_count: number }[]).map((user) => [
      user.user_id,
      user.flow_count,
    ]);
    expect(listed.filter(([user]) => user !== 'deep')).toEqual([
      ['bob', 2],
      ['ada', 2],
      ['busy', 100],
    ]);
    expect(body.has_more).toBe(false);
  });

  it('says when there are more', async () => {
    const { body } = await request(`${bridge.url}/api/v1/users?limit=1&from=${now - 30 * DAY}`);
    expect([body.users.length, body.has_more]).toEqual([1, true]);
  });

  it('finds users by a part of their id, in upper or lower case', async () => {
    const { body } = await request(`${bridge.url}/api/v1/users?q=LD_U&from=${now - 30 * DAY}`);
    expect(body.users).toEqual([{ user_id: 'old_user', last_flow_ts: flowIdTime(idOf('old')), flow_count: 1 }]);
  });
});

describe('GET /services', () => {
  it('lists services by their newest flow, and finds them by a part of their name', async () => {
    const { body } = await request(`${bridge.url}/api/v1/services`);
    expect(body).toEqual({ services: [{ service: 'chat', last_flow_ts: expect.any(Number) }], has_more: false });
    expect((await request(`${bridge.url}/api/v1/services?q=HA`)).body.services).toHaveLength(1);
    expect((await request(`${bridge.url}/api/v1/services?q=x`)).body.services).toEqual([]);
  });
});

describe('what can be kept', () => {
  const get = (path: string, headers: Record<string, string> = {}) => fetch(bridge.url + path, { headers });

  it('is asked for again with its tag, and sent again only when it has changed', async () => {
    const path = `/api/v1/flows/${idOf('slow')}`;
    const first = await get(path);
    const tag = String(first.headers.get('etag'));
    expect(tag).toMatch(/^W\/"/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect((await get(path, { 'if-none-match': tag })).status).toBe(304);

    await client.query(`UPDATE flow.checkpoints SET status = 'error' WHERE flow_id = $1 AND node_id = 2`, [
      idOf('slow'),
    ]);
    const changed = await get(path, { 'if-none-match': tag });
    expect([changed.status, changed.headers.get('etag') === tag]).toEqual([200, false]);
  });

  it('is no flow that still runs, and no list', async () => {
    for (const path of [`/api/v1/flows/${idOf('stuck')}`, '/api/v1/flows', '/api/v1/users']) {
      const { headers } = await get(path);
      expect([path, headers.get('etag'), headers.get('cache-control')]).toEqual([path, null, 'no-store']);
    }
  });
});
