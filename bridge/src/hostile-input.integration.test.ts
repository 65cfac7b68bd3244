import { redisKeys, type CheckpointRecord, type FlowDetail, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { request as httpRequest } from 'node:http';
import { request, startTestBridge } from '../../test/support/bridge';
import { addEvents, chatFlow } from '../../test/support/flow-events';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../test/support/services';
import { waitFor } from '../../test/support/wait-for';

/*
 * Input that breaks others, through the stream into history and through HTTP. Every piece comes together with an
 * ordinary flow, its neighbour, which must be there afterwards, whole.
 */

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
const DAY_MS = 86_400_000;
let redis: Redis;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: { FLOW_PARTITIONS: '1' } });
});

afterAll(async () => {
  await bridge.stop();
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
  await database.drop();
});

async function detail(flowId: string): Promise<FlowDetail> {
  const { status, body } = await request(`${bridge.url}/api/v1/flows/${flowId}`);
  expect([flowId, status]).toEqual([flowId, 200]);
  return body as FlowDetail;
}

/** Sends events with a neighbour on either side, and waits until all is settled; returns what was dead-lettered. */
async function send(events: readonly unknown[], timeoutMs?: number): Promise<{ reasons: string[] }> {
  const before = await redis.xlen(keys.dead);
  const [first, last] = [chatFlow(), chatFlow()];
  await addEvents(redis, keys, [...first, ...events, ...last]);
  const settled = async (): Promise<boolean> => (await redis.xlen(keys.stream(0))) === 0;
  await waitFor('the stream is empty', settled, timeoutMs);
  for (const [{ flow_id }] of [first, last] as [FlowEvent][]) {
    expect((await detail(flow_id)).flow).toMatchObject({ status: 'ok', checkpoint_count: 3 });
  }
  const dead = (await redis.xrange(keys.dead, '-', '+')).slice(before);
  return { reasons: dead.map(([, fields]) => String(fields[fields.indexOf('reason') + 1])) };
}

/** The start of a flow, and what makes events of it. */
function newFlow(options: Parameters<typeof chatFlow>[0] = {}) {
  const [start, identified] = chatFlow(options) as [FlowEvent, FlowEvent];
  const { flow_id, ts } = start;
  let seq = 1;
  const node = (nodeId: number, parentId: number | null, more: object = {}) => ({
    type: 'checkpoint',
    flow_id,
    seq: (seq += 1),
    ts: ts + seq,
    node_id: nodeId,
    parent_id: parentId,
    checkpoint: 'step',
    status: 'ok',
    duration_ms: 1,
    ...more,
  });
  return { flowId: flow_id, start, identified, node, ts };
}

const treeOf = (checkpoints: readonly CheckpointRecord[]) => checkpoints.map((node) => [node.node_id, node.parent_id]);

/** JSON of an array in an array in an array … */
const nested = (depth: number): unknown => {
  let value: unknown = 'bottom';
  for (let i = 0; i < depth; i++) value = [value];
  return value;
};

describe('text', () => {
  it('takes NUL and lone surrogates in values, keys and names, cleaned', async () => {
    const { flowId, start, node } = newFlow();
    const dirty = 'a\0b\ud800c\udc00';
    const { reasons } = await send([
      { ...start, name: dirty, service: dirty, instance: dirty, trace_id: dirty, attributes: { [dirty]: [dirty] } },
      node(2, null, {
        checkpoint: dirty,
        attributes: { [dirty]: { [dirty]: dirty } },
        error: { type: dirty, message: dirty },
      }),
    ]);
    const clean = 'a\ufffdb\ufffdc\ufffd';
    const { flow, checkpoints } = await detail(flowId);
    expect(flow).toMatchObject({ name: clean, service: clean, trace_id: clean, attributes: { [clean]: [clean] } });
    expect(checkpoints[0]).toMatchObject({
      checkpoint: clean,
      attributes: { [clean]: { [clean]: clean } },
      error: { type: clean, message: clean },
    });
    expect(reasons).toEqual([]);
  });

  it('takes attributes of more than 64 KiB from producers that do not truncate', async () => {
    const { flowId, start, node } = newFlow();
    const { reasons } = await send([start, node(2, null, { attributes: { prompt: 'é'.repeat(200_000) } })]);
    expect((await detail(flowId)).checkpoints[0]?.attributes['prompt']).toHaveLength(200_000);
    expect(reasons).toEqual([]);
  });
});

describe('values', () => {
  it.each([1_000, 5_000, 20_000, 200_000])('takes or dead-letters a value %d levels deep', async (depth) => {
    const { flowId, start, node } = newFlow();
    const { reasons } = await sendText([start, node(2, null, { attributes: { deep: 'HERE' } })], depth);
    const { flow, checkpoints } = await detail(flowId);
    expect(flow.status).toBe('running');
    // Either the checkpoint is there, or it is with the dead, with the reason.
    expect([checkpoints.length, reasons.length]).toEqual(checkpoints.length === 1 ? [1, 0] : [0, 1]);
  });

  /** As `send`, with the text "HERE" replaced by a nesting that JSON.stringify could not write. */
  async function sendText(events: readonly unknown[], depth: number): Promise<{ reasons: string[] }> {
    const before = await redis.xlen(keys.dead);
    const neighbour = chatFlow();
    const text = JSON.stringify([...events, ...neighbour]);
    await redis.xadd(keys.stream(0), '*', 'events', text.replace('"HERE"', '['.repeat(depth) + ']'.repeat(depth)));
    await waitFor('the stream is empty', async () => (await redis.xlen(keys.stream(0))) === 0);
    expect((await detail(neighbour[0]!.flow_id)).flow).toMatchObject({ status: 'ok', checkpoint_count: 3 });
    const dead = (await redis.xrange(keys.dead, '-', '+')).slice(before);
    return { reasons: dead.map(([, fields]) => String(fields[fields.indexOf('reason') + 1])) };
  }

  it('takes numbers that JSON can write and doubles can not hold', async () => {
    const { flowId, start, node } = newFlow();
    const event = node(2, null, { attributes: { big: 1e308, small: 5e-324, 'gen_ai.usage.output_tokens': 1e300 } });
    const { reasons } = await send([start, event]);
    const { flow, checkpoints } = await detail(flowId);
    expect(checkpoints[0]?.attributes).toMatchObject({ big: 1e308, small: 5e-324 });
    expect(flow.output_tokens).toBeNull();
    expect(reasons).toEqual([]);
  });

  it('takes a shallow value, and dead-letters events of the wrong shape', async () => {
    const { flowId, start, node } = newFlow();
    const { reasons } = await send([
      start,
      node(2, null, { attributes: { shallow: nested(50) } }),
      'text',
      42,
      null,
      [],
      {},
      { ...start, type: 7 },
      { ...start, attributes: 'x' },
      { ...start, session_id: { $ne: 1 } },
    ]);
    expect((await detail(flowId)).checkpoints).toHaveLength(1);
    expect(reasons).toHaveLength(8);
  });
});

describe('keys', () => {
  it('takes those that a prototype has, and pollutes none', async () => {
    const { flowId, start, node } = newFlow();
    const attributes: object = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":"c","toString":1,"hasOwnProperty":2}',
    );
    const { reasons } = await send([start, node(2, null, { checkpoint: '__proto__', attributes })]);
    const [checkpoint] = (await detail(flowId)).checkpoints;
    expect(checkpoint?.checkpoint).toBe('__proto__');
    expect(Object.entries(checkpoint?.attributes ?? {})).toEqual(
      expect.arrayContaining([
        ['constructor', 'c'],
        ['toString', 1],
        ['hasOwnProperty', 2],
      ]),
    );
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect(reasons).toEqual([]);
  });
});

describe('ids', () => {
  const ids = [
    '*',
    '?',
    '[a]',
    'a:b',
    '%00',
    '%',
    'a/b',
    '..',
    'a\r\nSet-Cookie: x',
    '\u001b[31m',
    `'; DROP--`,
    '"',
    '🙂',
  ];

  it.each(ids)('keeps a user and a session named %j, and finds them by HTTP', async (id) => {
    const flow = chatFlow({ userId: id, sessionId: id });
    const { reasons } = await send(flow);
    const path = encodeURIComponent(id);
    // A client's URL parser resolves dots.
    const byPath = id === '..' ? `flows?user=${path}` : `flows/user/${path}`;
    const { body } = await request(`${bridge.url}/api/v1/${byPath}`);
    expect(body.flows).toEqual([expect.objectContaining({ flow_id: flow[0]?.flow_id })]);
    const bySession = await request(`${bridge.url}/api/v1/flows?session=${path}`);
    expect(bySession.body.flows).toHaveLength(1);
    expect(reasons).toEqual([]);
  });

  it.each([
    ['12 KB long', 'x'.repeat(12_000)],
    ['of the wrong type', 42],
    ['empty', ''],
  ])('dead-letters an id %s', async (_what, id) => {
    const [start, identified] = chatFlow() as [FlowEvent, FlowEvent];
    const { reasons } = await send([start, { ...identified, user_id: id }]);
    expect((await detail(start.flow_id)).flow.user_id).toBeNull();
    expect(reasons).toEqual([expect.stringMatching(/^user_id: expected a string of 1 to 255 bytes/)]);
  });

  it('refuses an id of 12 KB and a control character in an id, by HTTP, or finds nothing', async () => {
    const long = await request(`${bridge.url}/api/v1/flows/user/${'x'.repeat(12_000)}`);
    expect([long.status, long.body.error.code]).toEqual([400, 'invalid_request']);
    for (const id of ['%00', '%0d%0a', '%1b%5b31m']) {
      const { status } = await request(`${bridge.url}/api/v1/flows/user/${id}`);
      expect([200, 400]).toContain(status);
    }
  });
});

describe('graphs', () => {
  it.each([
    ['a node that is its own parent', [[2, 2]]],
    [
      'A → B → A',
      [
        [2, 3],
        [3, 2],
      ],
    ],
    ['a parent that is missing', [[2, 99]]],
    [
      'a child before its parent',
      [
        [3, 2],
        [2, null],
      ],
    ],
  ] as [string, [number, number | null][]][])('keeps %s', async (_what, edges) => {
    const { flowId, start, node } = newFlow();
    const { reasons } = await send([start, ...edges.map(([id, parent]) => node(id, parent))]);
    const { flow, checkpoints } = await detail(flowId);
    expect(treeOf(checkpoints).sort()).toEqual([...edges].sort());
    expect(flow.checkpoint_count).toBe(edges.length);
    expect(reasons).toEqual([]);
  });

  it('keeps one row of a node id that comes twice, in one batch or two', async () => {
    const { flowId, start, node } = newFlow();
    await send([start, node(2, null), node(2, 7, { checkpoint: 'other', status: 'error' })]);
    await send([node(2, null, { checkpoint: 'third' })]);
    const { flow, checkpoints } = await detail(flowId);
    expect(checkpoints).toHaveLength(1);
    expect(flow.checkpoint_count).toBe(1);
  });

  it('keeps an end that lies before its start', async () => {
    const { flowId, start, node, ts } = newFlow();
    const end = { type: 'checkpoint_end', status: 'ok', duration_ms: 0, started_ts: ts + 5_000, ts: ts - 5_000 };
    const { reasons } = await send([start, { ...node(2, null), ...end }]);
    expect((await detail(flowId)).checkpoints[0]).toMatchObject({ started_ts: ts + 5_000, ended_ts: ts - 5_000 });
    expect(reasons).toEqual([]);
  });

  it.each([-DAY_MS, DAY_MS, -400 * DAY_MS, 400 * DAY_MS])(
    'keeps a flow whose clock is off by %d ms',
    async (skewMs) => {
      const flow = chatFlow({ startedTs: Date.now() + skewMs });
      const { reasons } = await send(flow);
      expect((await detail(flow[0]!.flow_id)).flow).toMatchObject({ started_ts: flow[0]!.ts, checkpoint_count: 3 });
      expect(reasons).toEqual([]);
    },
  );
});

describe('numbers', () => {
  it.each([
    ['a time of 1e18', { ts: 1e18 }, /^ts: expected a number/],
    ['a negative time', { ts: -1 }, /^ts: expected a number/],
    ['a duration of 1e18', { duration_ms: 1e18 }, /^duration_ms: expected a number/],
    ['a node id of 1e18', { node_id: 1e18 }, /^node_id: expected/],
    ['a fraction of a node', { node_id: 1.5 }, /^node_id: expected an integer/],
  ])('dead-letters %s', async (_what, wrong, reason) => {
    const { flowId, start, node } = newFlow();
    const { reasons } = await send([start, node(2, null, wrong)]);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    expect((await detail(flowId)).checkpoints).toEqual([]);
  });

  it.each([
    'flows?limit=1000000000',
    'flows?limit=0',
    'flows?limit=-1',
    'flows?limit=1e9',
    'flows?limit=',
    'flows?from=1e18',
    'flows?from=1000000000000000000',
    'flows?to=-1',
    'flows?from=yesterday',
    'flows?from=May%201',
    'flows?cursor=nonsense',
    `flows?cursor=${Buffer.from('[1e999,"x"]').toString('base64url')}`,
    'flows?status=fine',
    'flows?unknown=1',
    'flows?limit=1&limit=2',
    'users?limit=1000000000',
  ])('refuses GET /api/v1/%s', async (path) => {
    const { status, body } = await request(`${bridge.url}/api/v1/${path}`);
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
  });

  it.each(['-1', '0', '169', '1e9', 'NaN', '', '0x10', '1;2'])('refuses a TTL of %j hours', async (hours) => {
    const enable = `${bridge.url}/api/v1/monitoring/enable/ttl?ttl_hours=${encodeURIComponent(hours)}`;
    const { status, body } = await request(enable, { method: 'POST' });
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    expect((await request(`${bridge.url}/api/v1/monitoring/list`)).body.grants).toEqual([]);
  });
});

describe('size', () => {
  it('writes a block of 100,000 siblings, more than a statement has parameters, and answers them as a flat list', async () => {
    const { flowId, start, node } = newFlow();
    const { reasons } = await send([start, ...Array.from({ length: 100_000 }, (_, i) => node(i + 2, null))], 60_000);
    expect(reasons).toEqual([]);
    const nodes = new Set<number>();
    let path = flowId;
    for (let cursor: string | null = ''; cursor !== null; path = `${flowId}?cursor=${cursor}`) {
      const { flow, checkpoints, next_cursor } = await detail(path);
      expect(flow.checkpoint_count).toBe(100_000);
      for (const { node_id } of checkpoints) nodes.add(node_id);
      cursor = next_cursor;
    }
    expect(nodes.size).toBe(100_000);
  }, 90_000);

  it('writes a tree 10,000 deep, and answers it', async () => {
    const { flowId, start, node } = newFlow();
    const { reasons } = await send([
      start,
      ...Array.from({ length: 10_000 }, (_, i) => node(i + 2, i === 0 ? null : i + 1)),
    ]);
    expect(reasons).toEqual([]);
    const { checkpoints } = await detail(flowId);
    expect(treeOf(checkpoints).at(-1)).toEqual([10_001, 10_000]);
    const session = await request(`${bridge.url}/api/v1/flows/session/${flowId}`);
    expect(session.body.checkpoints).toHaveLength(10_000);
  });
});

describe('HTTP', () => {
  /** Sends a path as it is; fetch would make a proper one of it. */
  const rawGet = (path: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port: bridge.port, path, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on('error', reject).end();
    });

  it.each(['/api/v1/flows/%ff', '/api/v1/flows/user/%ff', '/api/v1/flows/user/%', '/api/v1/flows/session/%E0%A4%A'])(
    'refuses %s, which is no UTF-8',
    async (path) => {
      const { status, text } = await rawGet(path);
      expect([status, (JSON.parse(text) as { error: { code: string } }).error.code]).toEqual([400, 'invalid_request']);
      expect(text).not.toMatch(/at .*\.js|node_modules/);
    },
  );

  it.each(['/api/v1/../../etc/passwd', '//evil.example/', '/api/v1/flows/..%2f..%2fetc', '/%00', '/api/v1/nothing'])(
    'finds nothing at %s',
    async (path) => {
      const { status, text } = await rawGet(path);
      expect([400, 404]).toContain(status);
      expect(JSON.parse(text)).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
    },
  );

  it('does not mind a body that is no JSON', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":' };
    const { status } = await request(`${bridge.url}/api/v1/monitoring/disable/nobody`, init);
    expect([200, 400]).toContain(status);
    expect((await request(`${bridge.url}/api/v1/flows`)).status).toBe(200);
  });

  it('answers the widest range with a page, not with everything', async () => {
    const { status, body } = await request(`${bridge.url}/api/v1/flows?from=0&to=253402300799999&limit=500`);
    expect(status).toBe(200);
    expect(body.flows.length).toBeLessThanOrEqual(500);
    const inverted = await request(`${bridge.url}/api/v1/flows?from=2000&to=1000`);
    expect([200, 400]).toContain(inverted.status);
  });

  it('keeps the memory of a caller that sends headers without an end bounded', async () => {
    const { status } = await request(`${bridge.url}/api/v1/flows`, { headers: { 'x-long': 'x'.repeat(64_000) } }).catch(
      () => ({ status: 431 }),
    );
    expect(status).toBe(431);
    expect((await request(`${bridge.url}/healthz`)).status).toBe(200);
  });
});

describe('streams', () => {
  it('dead-letters an entry that is no JSON, and passes over one without events', async () => {
    const before = await redis.xlen(keys.dead);
    await redis.xadd(keys.stream(0), '*', 'events', '[{"type":"flow_start"');
    await redis.xadd(keys.stream(0), '*', 'events', '');
    await redis.xadd(keys.stream(0), '*', 'events', Buffer.from([0xff, 0xfe, 0x00]));
    await redis.xadd(keys.stream(0), '*', 'other', 'x');
    await send([]);
    expect((await redis.xlen(keys.dead)) - before).toBe(3);
  });
});
