import type { CheckpointHistogram, CheckpointStats, CheckpointSummary, SlowCheckpoints } from '@flow-tracking/protocol';
import type { Client } from 'pg';
import { request, startTestBridge } from '../../../../test/support/bridge';
import { addCalls, addStats, connectHistory, insertFlows } from '../../../../test/support/history-rows';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../../test/support/services';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A whole hour, so that slots are known; some hours ago, so that all of it has passed. */
const T0 = Math.floor(Date.now() / HOUR) * HOUR - 6 * HOUR;

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
  client = await connectHistory(database.url);
  await addStats(client, [
    { checkpoint: 'auth_check', ended_ts: T0 + 5_000, durations_ms: Array<number>(90).fill(2) },
    { checkpoint: 'auth_check', ended_ts: T0 + MINUTE, durations_ms: Array<number>(9).fill(200), errors: 3 },
    { checkpoint: 'auth_check', ended_ts: T0 + 70 * MINUTE, durations_ms: [20_000], errors: 1 },
    { checkpoint: 'llm', ended_ts: T0 + 2 * MINUTE, durations_ms: [900], input_tokens: 40, output_tokens: 812 },
    { checkpoint: 'llm', ended_ts: T0 + 100 * MINUTE, durations_ms: [] },
    { checkpoint: 'old', ended_ts: T0 - 20 * 24 * HOUR, durations_ms: [5] },
  ]);
  await addCalls(client, [
    { checkpoint: 'llm', model: 'large', ended_ts: T0 + 2 * MINUTE, first_chunks_ms: [100, 100], output_tokens: 800 },
    { checkpoint: 'llm', model: 'small', ended_ts: T0 + 2 * MINUTE, first_chunks_ms: [3_000], cached_input_tokens: 9 },
    { checkpoint: 'llm', model: 'small', ended_ts: T0 + 100 * MINUTE, first_chunks_ms: [] },
  ]);
});

afterAll(async () => {
  await client.end();
  await bridge.stop();
  await database.drop();
});

const ask = (query: string) => request(`${bridge.url}/api/v1/stats/checkpoints?${query}`);

async function stats(query: string): Promise<CheckpointStats> {
  const { status, body } = await ask(query);
  expect([status, body.error]).toEqual([200, undefined]);
  return body as CheckpointStats;
}

/** Within the 12 % that a bucket is wide. */
const about = (ms: number) => ({ asymmetricMatch: (got: number) => Math.abs(got / ms - 1) < 0.13 });

describe('GET /stats/checkpoints', () => {
  it('has all names over ten years, most of which are empty', async () => {
    const tenYears = 3_650 * 24 * HOUR;
    const answer = await stats(`from=${T0 - tenYears}&to=${T0 + 2 * HOUR}&interval=28d`);
    expect(answer.checkpoints.map(({ checkpoint }) => checkpoint)).toEqual(
      expect.arrayContaining(['auth_check', 'llm']),
    );
    expect(answer.has_more).toBe(false);
  });

  it('sums each checkpoint over the range, and by slot of time', async () => {
    const answer = await stats(`from=${T0}&to=${T0 + 2 * HOUR}&interval=1m`);
    expect(answer).toMatchObject({ from_ts: T0, to_ts: T0 + 2 * HOUR, interval_s: 60, has_more: false });
    expect(answer.checkpoints.map(({ checkpoint, total }) => [checkpoint, total.count])).toEqual([
      ['auth_check', 100],
      ['llm', 1],
    ]);
    const [auth, llm] = answer.checkpoints;
    expect(auth?.total).toEqual({
      count: 100,
      rate: 100 / 7_200,
      errors: 4,
      error_rate: 0.04,
      p50_ms: about(2),
      p95_ms: about(200),
      p99_ms: about(200),
      mean_ms: (90 * 2 + 9 * 200 + 20_000) / 100,
      input_tokens: 0,
      output_tokens: 0,
      first_chunk_p50_ms: null,
      first_chunk_p95_ms: null,
      first_chunk_p99_ms: null,
      models: [],
    });
    expect(auth?.slots.map((slot) => [slot.ts - T0, slot.count, slot.rate, slot.errors])).toEqual([
      [0, 90, 1.5, 0],
      [MINUTE, 9, 0.15, 3],
      [70 * MINUTE, 1, 1 / 60, 1],
    ]);
    expect(llm?.total).toMatchObject({ input_tokens: 40, output_tokens: 812, p99_ms: about(900) });
  });

  it.each(['60', '5m', '10m', '30m', '1h', '2h', '1d'])('comes to the same totals in slots of %s', async (interval) => {
    const totals = ({ checkpoints }: CheckpointStats) =>
      checkpoints.map(({ checkpoint, total: { rate: _, ...total } }) => [checkpoint, total]);
    const range = `from=${T0}&to=${T0 + 2 * HOUR}`;
    expect(totals(await stats(`${range}&interval=${interval}`))).toEqual(totals(await stats(`${range}&interval=1m`)));
  });

  it('sums histograms within a slot that is wider than those kept', async () => {
    const [auth] = (await stats(`from=${T0}&to=${T0 + 30 * MINUTE}&interval=30m&checkpoint=auth_check`)).checkpoints;
    expect(auth?.slots).toHaveLength(1);
    expect(auth?.slots[0]).toMatchObject({ ts: T0, count: 99, errors: 3, p50_ms: about(2), p99_ms: about(200) });
  });

  it('tells null percentiles of checkpoints without a duration', async () => {
    await addStats(client, [{ checkpoint: 'instant', ended_ts: T0 + 3 * HOUR, durations_ms: [] }]);
    await client.query(`UPDATE flow.checkpoint_stats SET count = 7 WHERE checkpoint = 'instant'`);
    const [instant] = (await stats(`from=${T0}&to=${T0 + 4 * HOUR}&checkpoint=instant`)).checkpoints;
    expect(instant?.total).toMatchObject({ count: 7, p50_ms: null, p95_ms: null, p99_ms: null, mean_ms: null });
  });

  it('chooses the width of slots by the range', async () => {
    const width = async (hours: number) => (await stats(`from=${Date.now() - hours * HOUR}`)).interval_s;
    expect(await Promise.all([1, 24, 24 * 7, 24 * 60].map(width))).toEqual([60, 600, 3_600, 86_400]);
  });

  it('answers an empty list for a range without checkpoints', async () => {
    expect((await stats(`from=${T0 - 3 * HOUR}&to=${T0 - HOUR}`)).checkpoints).toEqual([]);
  });

  it.each([
    ['interval=90', 'interval'],
    ['interval=1w', 'interval'],
    ['interval=0', 'interval'],
    ['interval=1m&from=2026-01-01&to=2026-06-01', 'interval'],
    [`interval=1m&from=${T0 - 20 * 24 * HOUR}&to=${T0 - 20 * 24 * HOUR + HOUR}`, 'interval'],
    [`from=${T0}&to=${T0 - 1}`, 'to'],
    ['from=yesterday', 'from'],
  ])('refuses %s', async (query, field) => {
    const { status, body } = await ask(query);
    expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    expect(body.error.details).toEqual([
      { field, expected: expect.stringContaining('expected'), got: expect.any(String) },
    ]);
  });

  it('has buckets where the schema has them', async () => {
    const { rows } = await client.query<{ ms: number; bucket: number }>(
      'SELECT ms, flow.duration_bucket(ms) AS bucket FROM unnest($1::float8[]) AS ms',
      [[0.001, 0.01, 0.5, 1, 9.99, 1234, 59_000, 1e9]],
    );
    const buckets = rows.map(({ ms }) => Math.max(0, Math.min(199, Math.floor(20 * Math.log10(ms) + 40))));
    expect(rows.map(({ bucket }) => bucket)).toEqual(buckets);
  });
});

describe('model calls in the figures', () => {
  it('are told apart by model, with the time to the first chunk of all', async () => {
    const [llm] = (await stats(`from=${T0}&to=${T0 + 2 * HOUR}&interval=1m&checkpoint=llm`)).checkpoints;
    expect(llm?.total).toMatchObject({
      first_chunk_p50_ms: about(100),
      first_chunk_p95_ms: about(3_000),
      models: [
        { model: 'large', count: 2, input_tokens: 0, cached_input_tokens: 0, output_tokens: 800 },
        { model: 'small', count: 2, input_tokens: 0, cached_input_tokens: 9, output_tokens: 0 },
      ],
    });
    expect(llm?.slots.map(({ ts, models }) => [ts - T0, models.length])).toEqual([
      [2 * MINUTE, 2],
      [100 * MINUTE, 1],
    ]);
  });

  it('sums several checkpoints that are asked for by name, and no others', async () => {
    const { checkpoints } = await stats(
      `from=${T0}&to=${T0 + HOUR}&checkpoint=llm&checkpoint=auth_check&checkpoint=no`,
    );
    expect(checkpoints.map(({ checkpoint }) => checkpoint).sort()).toEqual(['auth_check', 'llm']);
  });
});

describe('GET /stats/checkpoints/histogram', () => {
  const histogram = async (query: string): Promise<CheckpointHistogram> => {
    const { status, body } = await request(`${bridge.url}/api/v1/stats/checkpoints/histogram?${query}`);
    expect([status, body.error]).toEqual([200, undefined]);
    return body as CheckpointHistogram;
  };

  it('counts durations by slot and bucket, five a factor of ten', async () => {
    const answer = await histogram(`from=${T0}&to=${T0 + HOUR}&interval=10m&checkpoint=auth_check`);
    expect(answer).toMatchObject({ from_ts: T0, interval_s: 600, of: 'duration', has_more: false });
    const [slot] = answer.slots;
    expect(answer.slots).toHaveLength(1);
    expect(slot?.ts).toBe(T0);
    expect(slot?.counts).toHaveLength(answer.bounds_ms.length - 1);
    const countOf = (ms: number): number =>
      slot?.counts.find((_, i) => answer.bounds_ms[i]! <= ms && ms < answer.bounds_ms[i + 1]!) ?? -1;
    expect([countOf(2), countOf(200), slot?.counts.reduce((sum, n) => sum + n, 0)]).toEqual([90, 9, 99]);
    expect(answer.bounds_ms[5]! / answer.bounds_ms[0]!).toBeCloseTo(10, 9);
  });

  it('counts times to the first chunk, and nothing where nobody told one', async () => {
    const range = `from=${T0}&to=${T0 + HOUR}&interval=1h&of=first_chunk`;
    expect((await histogram(`${range}&checkpoint=llm`)).slots[0]?.counts.reduce((sum, n) => sum + n, 0)).toBe(3);
    expect(await histogram(`${range}&checkpoint=auth_check`)).toMatchObject({ bounds_ms: [], slots: [] });
  });

  it('refuses another measure', async () => {
    const { status, body } = await request(`${bridge.url}/api/v1/stats/checkpoints/histogram?of=size`);
    expect([status, body.error.details]).toEqual([400, [expect.objectContaining({ field: 'of', got: 'size' })]]);
  });
});

describe('GET /checkpoints/slow', () => {
  const slow = async (query: string): Promise<SlowCheckpoints> => {
    const { status, body } = await request(`${bridge.url}/api/v1/checkpoints/slow?${query}`);
    expect([status, body.error]).toEqual([200, undefined]);
    return body as SlowCheckpoints;
  };
  const started_ts = Date.now() - 10 * MINUTE;

  beforeAll(async () => {
    const [quick, slowed] = await insertFlows(client, [
      { user_id: 'ada', started_ts, checkpoints: ['auth_check', 'seldom'] },
      { user_id: 'bob', started_ts: started_ts + 1, checkpoints: ['auth_check', 'seldom'] },
    ]);
    await client.query('UPDATE flow.checkpoints SET duration_ms = 100 WHERE flow_id = $1', [quick]);
    await client.query('UPDATE flow.checkpoints SET duration_ms = 900 WHERE flow_id = $1', [slowed]);
  });

  it('finds those over so many times their own p95, and leaves out names that are seldom', async () => {
    // The p95 of auth_check is about 200 ms.
    const answer = await slow('');
    expect(answer).toMatchObject({ looked_back_to_ts: null, has_more: false });
    expect(
      answer.checkpoints.map(({ user_id, checkpoint, duration_ms }) => [user_id, checkpoint, duration_ms]),
    ).toEqual([['bob', 'auth_check', 900]]);
    expect(answer.checkpoints[0]?.limit_ms).toEqual(about(400));
    expect((await slow('factor=10')).checkpoints).toEqual([]);
  });

  it('finds those over a limit, of users and names', async () => {
    const found = async (query: string) =>
      (await slow(query)).checkpoints.map(({ user_id, checkpoint }) => `${user_id} ${checkpoint}`);
    expect(await found('min_duration_ms=100')).toEqual([
      'bob auth_check',
      'bob seldom',
      'ada auth_check',
      'ada seldom',
    ]);
    expect(await found('min_duration_ms=100&user=ada&checkpoint=seldom')).toEqual(['ada seldom']);
    expect(await found(`min_duration_ms=100&to=${started_ts}`)).toEqual(['ada auth_check', 'ada seldom']);
    expect(await slow('min_duration_ms=100&limit=3')).toMatchObject({ checkpoints: { length: 3 }, has_more: true });
  });

  it.each([
    ['factor=0', 'factor'],
    ['factor=x', 'factor'],
    ['min_duration_ms=-1', 'min_duration_ms'],
    ['q=a', 'q'],
  ])('refuses %s', async (query, field) => {
    const { status, body } = await request(`${bridge.url}/api/v1/checkpoints/slow?${query}`);
    expect([status, body.error.details]).toEqual([400, [expect.objectContaining({ field })]]);
  });
});

describe('GET /stats/checkpoints/summary', () => {
  const summary = async (query: string): Promise<CheckpointSummary> => {
    const { status, body } = await request(`${bridge.url}/api/v1/stats/checkpoints/summary?${query}`);
    expect([status, body.error]).toEqual([200, undefined]);
    return body as CheckpointSummary;
  };

  it('tells of each checkpoint what the figures over time tell in total', async () => {
    const range = `from=${T0}&to=${T0 + 2 * HOUR}`;
    const { checkpoints } = await stats(`${range}&interval=1h`);
    expect(await summary(range)).toEqual({
      from_ts: T0,
      to_ts: T0 + 2 * HOUR,
      checkpoints: checkpoints.map(({ checkpoint, total }) => ({ checkpoint, ...total })),
      has_more: false,
    });
    expect(checkpoints.map(({ checkpoint }) => checkpoint)).toEqual(['auth_check', 'llm']);
  });

  it('is of the last day when no range is given', async () => {
    const answer = await summary('');
    expect([24 * HOUR, 25 * HOUR]).toContain(answer.to_ts - answer.from_ts);
    expect(answer.checkpoints.find(({ checkpoint }) => checkpoint === 'auth_check')).toMatchObject({
      count: 100,
      errors: 4,
      p50_ms: about(2),
      p95_ms: about(200),
    });
    expect(answer.checkpoints.some(({ checkpoint }) => checkpoint === 'old')).toBe(false);
  });

  it('refuses a range that ends before it begins, and an interval', async () => {
    for (const query of [`from=${T0}&to=${T0 - 1}`, 'interval=1h']) {
      const { status, body } = await request(`${bridge.url}/api/v1/stats/checkpoints/summary?${query}`);
      expect([status, body.error.code]).toEqual([400, 'invalid_request']);
    }
  });
});

describe('GET /checkpoints', () => {
  it('lists names with their counts, most first, and says when there are more', async () => {
    const { body } = await request(`${bridge.url}/api/v1/checkpoints?from=${T0}&to=${T0 + 2 * HOUR}`);
    expect(body).toEqual({
      checkpoints: [
        { checkpoint: 'auth_check', count: 100, errors: 4 },
        { checkpoint: 'llm', count: 1, errors: 0 },
      ],
      has_more: false,
    });
    const first = await request(`${bridge.url}/api/v1/checkpoints?from=${T0}&to=${T0 + 2 * HOUR}&limit=1`);
    expect([first.body.checkpoints.length, first.body.has_more]).toEqual([1, true]);
    const found = await request(`${bridge.url}/api/v1/checkpoints?from=${T0}&q=LL`);
    expect(found.body.checkpoints).toEqual([{ checkpoint: 'llm', count: 1, errors: 0 }]);
  });

  it('reaches back as far as hours are kept', async () => {
    const { body } = await request(`${bridge.url}/api/v1/checkpoints?from=${T0 - 40 * 24 * HOUR}&q=old`);
    expect(body.checkpoints).toEqual([{ checkpoint: 'old', count: 1, errors: 0 }]);
  });
});
