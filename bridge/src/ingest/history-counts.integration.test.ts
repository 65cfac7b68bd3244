import { redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow, untilSettled } from '../../../test/support/flow-events';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';
import { durationBucket } from './slots';

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let redis: Redis;
let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
  await database.drop();
});

const settled = (): Promise<void> => untilSettled(redis, keys);

/** Rows of a query, numbers as numbers. */
async function rowsOf(text: string): Promise<unknown[]> {
  const { rows } = await client.query<Record<string, unknown>>(text);
  return rows;
}

const STATS = `SELECT slot_s, checkpoint, sum(count)::int AS count, sum(errors)::int AS errors,
  sum(input_tokens)::int AS input, sum(output_tokens)::int AS output,
  sum((SELECT sum(n) FROM unnest(histogram) AS h(n)))::int AS in_histogram
FROM flow.checkpoint_stats GROUP BY 1, 2 ORDER BY 1, 2`;

const COUNTED = `SELECT slot_s, checkpoint, count(*)::int AS count, (count(*) FILTER (WHERE status = 'error'))::int AS errors,
  coalesce(sum(input_tokens), 0)::int AS input, coalesce(sum(output_tokens), 0)::int AS output, count(*)::int AS in_histogram
FROM flow.checkpoints, unnest(ARRAY[60, 600, 3600]) AS s(slot_s) WHERE status <> 'running' GROUP BY 1, 2 ORDER BY 1, 2`;

const CALL_STATS = `SELECT slot_s, checkpoint, model, sum(count)::int AS count, sum(output_tokens)::int AS output,
  sum((SELECT sum(n) FROM unnest(first_chunk_histogram) AS h(n)))::int AS first_chunks
FROM flow.call_stats WHERE count <> 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

const CALLS_COUNTED = `SELECT slot_s, checkpoint, attributes ->> 'gen_ai.request.model' AS model, count(*)::int AS count,
  coalesce(sum(output_tokens), 0)::int AS output, nullif(count(attributes -> 'flow.first_chunk_ms'), 0)::int AS first_chunks
FROM flow.checkpoints, unnest(ARRAY[60, 600, 3600]) AS s(slot_s)
WHERE status <> 'running' AND attributes ? 'gen_ai.request.model' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

const FLOW_COUNTS = `SELECT flow_id, checkpoint_count, error_count, input_tokens::int, output_tokens::int
FROM flow.flows ORDER BY flow_id`;

const RECOUNTED = `SELECT flow_id, count(*)::int AS checkpoint_count, (count(*) FILTER (WHERE status = 'error'))::int AS error_count,
  sum(input_tokens)::int AS input_tokens, sum(output_tokens)::int AS output_tokens
FROM flow.checkpoints GROUP BY flow_id ORDER BY flow_id`;

function shuffle<T>(items: readonly T[], seed: number): T[] {
  const mixed = [...items];
  let state = seed;
  for (let i = mixed.length - 1; i > 0; i--) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const j = state % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}

describe('the roll-up and the counts of flows', () => {
  it('equal the rows, when two bridges write shuffled, split and repeated deliveries at the same time', async () => {
    const bridges = [
      await startTestBridge({ databaseUrl: database.url, prefix }),
      await startTestBridge({ databaseUrl: database.url, prefix }),
    ];
    try {
      const flows = Array.from({ length: 40 }, (_, i) => chatFlow({ startedTs: Date.now() - i * 977 }));
      const events: FlowEvent[] = flows.flat();
      // Each event comes three times, through either partition, in blocks that cut flows anywhere.
      const deliveries = shuffle([...events, ...events, ...events], 7);
      for (let at = 0; at < deliveries.length; at += 13) {
        await addEvents(redis, keys, deliveries.slice(at, at + 13), (at / 13) % 2);
      }
      await settled();

      const counted = await rowsOf(COUNTED);
      expect(counted).toHaveLength(9);
      expect(counted).toContainEqual(
        expect.objectContaining({ checkpoint: 'llm_thinking', count: 40, output: 40 * 812 }),
      );
      expect(await rowsOf(STATS)).toEqual(counted);
      expect(await rowsOf(CALL_STATS)).toEqual(await rowsOf(CALLS_COUNTED));
      expect(await rowsOf(CALL_STATS)).toContainEqual(
        expect.objectContaining({ checkpoint: 'llm_thinking', model: 'sim-1', count: 40, output: 40 * 812 }),
      );
      const flowCounts = await rowsOf(FLOW_COUNTS);
      expect(flowCounts).toHaveLength(40);
      expect(flowCounts).toEqual(await rowsOf(RECOUNTED));
    } finally {
      await Promise.all(bridges.map((bridge) => bridge.stop()));
    }
  });

  it('put a duration into the same bucket as SQL does', async () => {
    const durations = [0, 0.004, 0.0101, 0.5, 1, 1.13, 10, 99.9, 1234.5, 61_000, 9e7, 1e12];
    const { rows } = await client.query<{ bucket: number }>(
      'SELECT flow.duration_bucket(d) AS bucket FROM unnest($1::float8[]) WITH ORDINALITY AS u(d, ord) ORDER BY ord',
      [durations],
    );
    expect(durations.map(durationBucket)).toEqual(rows.map((row) => row.bucket));
  });
});

describe('events that Postgres refuses', () => {
  it('go to the dead-letter stream after five tries, and their neighbours are written within 5 s', async () => {
    await client.query(`
      CREATE FUNCTION flow.refuse_poison() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no poison here'; END $$;
      CREATE TRIGGER refuse_poison BEFORE INSERT ON flow.checkpoints FOR EACH ROW
        WHEN (NEW.checkpoint = 'poison') EXECUTE FUNCTION flow.refuse_poison()`);
    const bridge = await startTestBridge({ databaseUrl: database.url, prefix });
    try {
      const flows = Array.from({ length: 30 }, () => chatFlow({ userId: 'neighbour' }));
      const poisoned = flows.flat().map((event) => {
        if (event.flow_id !== flows[11]?.[0]?.flow_id || event.type !== 'checkpoint' || event.seq !== 2) return event;
        return { ...event, checkpoint: 'poison' };
      });
      const startedAt = Date.now();
      await addEvents(redis, keys, poisoned);
      await settled();
      expect(Date.now() - startedAt).toBeLessThan(5_000);

      const dead = await redis.xrange(keys.dead, '-', '+');
      expect(dead).toHaveLength(1);
      expect(dead[0]?.[1]).toEqual(
        expect.arrayContaining([expect.stringContaining('"checkpoint":"poison"'), 'no poison here']),
      );
      expect(bridge.counts.dead).toBe(1);
      expect(await rowsOf(`SELECT count(*)::int FROM flow.flows WHERE user_id = 'neighbour'`)).toEqual([{ count: 30 }]);
      expect(await rowsOf(STATS)).toEqual(await rowsOf(COUNTED));
    } finally {
      await bridge.stop();
    }
  });
});

describe('a stream that Redis trimmed under a bridge that was away', () => {
  it('is measured: the entries lost are counted, once', async () => {
    for (let i = 0; i < 50; i++) await addEvents(redis, keys, chatFlow({ userId: 'trimmed' }), 1);
    await redis.xtrim(keys.stream(1), 'MAXLEN', 20);
    const bridge = await startTestBridge({ databaseUrl: database.url, prefix });
    try {
      await settled();
      await waitFor('the loss is noticed', () => bridge.counts.trimmed > 0);
      expect(bridge.counts.trimmed).toBe(30);
      expect(await rowsOf(`SELECT count(*)::int FROM flow.flows WHERE user_id = 'trimmed'`)).toEqual([{ count: 20 }]);
    } finally {
      await bridge.stop();
    }
    const successor = await startTestBridge({ databaseUrl: database.url, prefix });
    try {
      const text = await (await fetch(`${successor.url}/metrics`)).text();
      expect(text).toContain('flow_bridge_history_trimmed_entries_total 0');
      expect(text).toContain('flow_bridge_history_lag_entries{partition="1"} 0');
    } finally {
      await successor.stop();
    }
  });

  it('counts anew after it was deleted', async () => {
    await redis.del(keys.stream(1));
    const bridge = await startTestBridge({ databaseUrl: database.url, prefix });
    try {
      await addEvents(redis, keys, chatFlow({ userId: 'after' }), 1);
      await settled();
      await fetch(`${bridge.url}/metrics`);
      expect(bridge.counts.trimmed).toBe(0);
    } finally {
      await bridge.stop();
    }
  });
});
