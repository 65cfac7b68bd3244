import type { RunningFlows } from '@flow-tracking/protocol';
import type { Client } from 'pg';
import { request, startTestBridge } from '../../../../test/support/bridge';
import { connectHistory, insertFlows } from '../../../../test/support/history-rows';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../../test/support/services';

const MINUTE = 60_000;
const now = Date.now();

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let client: Client;
let ids: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
  client = await connectHistory(database.url);
  const running = { status: 'running', checkpoint_status: 'running' } as const;
  ids = await insertFlows(client, [
    { ...running, user_id: 'ada', started_ts: now - 3 * MINUTE, checkpoints: ['agent', 'llm', 'tool'] },
    { ...running, user_id: null, started_ts: now - 9 * MINUTE, checkpoints: ['auth'] },
    { ...running, user_id: 'bob', started_ts: now - MINUTE, checkpoints: [] },
    { user_id: 'bob', started_ts: now - 20 * MINUTE },
    // Three days old, so of another partition.
    { ...running, user_id: 'ada', started_ts: now - 4_320 * MINUTE, checkpoints: ['old'] },
  ]);
  // Two that run side by side under the agent: the model since 2 minutes, the tool since one.
  const attributes = { 'gen_ai.request.model': 'sim-1', 'gen_ai.tool.name': 'search', prompt: 'p'.repeat(9_000) };
  await client.query(
    `UPDATE flow.checkpoints SET parent_id = 1, started_at = to_timestamp($2::float8 / 1000) + node_id * interval '1 minute',
       attributes = $3 WHERE flow_id = $1 AND node_id > 1`,
    [ids[0], now - 4 * MINUTE, attributes],
  );
});

afterAll(async () => {
  await client.end();
  await bridge.stop();
  await database.drop();
});

async function running(query = ''): Promise<RunningFlows> {
  const { status, body } = await request(`${bridge.url}/api/v1/flows/running?${query}`);
  expect([status, body.error]).toEqual([200, undefined]);
  return body as RunningFlows;
}

const placesOf = ({ flows }: RunningFlows): number[] => flows.map(({ flow }) => ids.indexOf(flow.flow_id));

describe('GET /flows/running', () => {
  it('lists what runs, of everyone, the oldest first', async () => {
    const answer = await running();
    expect(placesOf(answer)).toEqual([4, 1, 0, 2]);
    expect(answer.has_more).toBe(false);
    expect(Math.abs(answer.now_ts - Date.now())).toBeLessThan(10_000);
  });

  it('tells what a flow waits for: the open checkpoints that no other is open under, the longest first', async () => {
    const [, auth, agent, bare] = (await running()).flows;
    expect(auth?.open.map(({ checkpoint }) => checkpoint)).toEqual(['auth']);
    expect(agent?.open_count).toBe(3);
    expect(agent?.open).toEqual([
      {
        node_id: 2,
        parent_id: 1,
        checkpoint: 'llm',
        started_ts: now - 2 * MINUTE,
        attributes: { 'gen_ai.request.model': 'sim-1', 'gen_ai.tool.name': 'search' },
      },
      expect.objectContaining({ node_id: 3, checkpoint: 'tool', started_ts: now - MINUTE }),
    ]);
    expect([bare?.open, bare?.open_count]).toEqual([[], 0]);
  });

  it.each([
    ['user=ada', [4, 0]],
    ['user=ada&user=bob', [4, 0, 2]],
    ['user=nobody', []],
    ['service=chat&checkpoint=tool', [0]],
    ['service=other', []],
    ['checkpoint=auth&checkpoint=old', [4, 1]],
    [`min_duration_ms=${2 * MINUTE}`, [4, 1, 0]],
    ['limit=2', [4, 1]],
  ])('filters by %s', async (query, expected) => {
    expect(placesOf(await running(query))).toEqual(expected);
  });

  it('says when more run than it lists', async () => {
    expect((await running('limit=3')).has_more).toBe(true);
    expect((await running('limit=4')).has_more).toBe(false);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['user=', 'user'],
    [`user=a&user=${'u'.repeat(256)}`, 'user'],
    ['min_duration_ms=soon', 'min_duration_ms'],
    ['status=running', 'status'],
    ['checkpoint=%00', 'checkpoint'],
  ])('refuses %s, naming the field', async (query, field) => {
    const { status, body } = await request(`${bridge.url}/api/v1/flows/running?${query}`);
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    expect(body.error.details).toEqual([expect.objectContaining({ field })]);
  });
});
