import { redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import type { Client } from 'pg';
import { request, startTestBridge } from '../support/bridge';
import { addEvents, chatFlow, untilSettled } from '../support/flow-events';
import { connectHistory } from '../support/history-rows';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../support/services';
import { inFull } from '../support/length';
import { waitFor } from '../support/wait-for';

/** An erased user is nowhere: not in what waits in a stream, not in what is held by a bridge that died, not among the dead. */

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let redis: Redis;
let database: TestDatabase;
let client: Client;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix });
  client = await connectHistory(database.url);
});

afterAll(async () => {
  await bridge.stop();
  await client.end();
  await redis.del(...(await redis.keys(`*${prefix}*`)), keys.dead);
  await redis.quit();
  await database.drop();
});

const erase = (user: string) => request(`${bridge.url}/api/v1/users/${user}`, { method: 'DELETE' });

async function flowIds(): Promise<string[]> {
  const { rows } = await client.query<{ flow_id: string }>('SELECT flow_id FROM flow.flows ORDER BY flow_id');
  return rows.map((row) => row.flow_id);
}

/** Adds events as an entry that a bridge took and never settled: others take it over after 15 s. */
async function addHeld(events: readonly FlowEvent[]): Promise<void> {
  await untilSettled(redis, keys);
  await waitFor('the entry is held', async () => {
    const held = redis
      .multi()
      .xadd(keys.stream(0), '*', 'events', JSON.stringify(events))
      .xreadgroup('GROUP', keys.group, 'died', 'COUNT', 1, 'STREAMS', keys.stream(0), '>');
    return (await held.exec())?.[1]?.[1] !== null;
  });
}

if (inFull()) {
  it('is gone from entries that a bridge died with, also of flows whose user was told before', async () => {
    const [known, unknown, other] = [
      chatFlow({ userId: 'u1' }),
      chatFlow({ userId: 'u1' }),
      chatFlow({ userId: 'u2' }),
    ];
    await addEvents(redis, keys, known.slice(0, 3));
    await addHeld([...known.slice(3), ...unknown, ...other]);

    const { status, body } = await erase('u1');
    expect([status, body.flows]).toEqual([200, 1]);
    await untilSettled(redis, keys, { timeoutMs: 40_000 });
    await waitFor('only the other user is there', async () => {
      const left = await flowIds();
      return left.length === 1 && left[0] === other[0]?.flow_id;
    });
    expect(body.pending).toBe(true);
    const isFinished = async () => (await client.query('SELECT FROM flow.erasures')).rowCount === 0;
    await waitFor('the erasure is finished', isFinished);
    expect((await client.query('SELECT FROM flow.erased_flows')).rows).toEqual([]);
  }, 90_000);
}

it('is gone when the answer says so, if the streams are read', async () => {
  const flows = Array.from({ length: 200 }, () => chatFlow({ userId: 'u3' }));
  const pipeline = redis.pipeline();
  for (const [i, events] of flows.entries()) pipeline.xadd(keys.stream(i % 2), '*', 'events', JSON.stringify(events));
  await pipeline.exec();
  const { body } = await erase('u3');
  await untilSettled(redis, keys);
  expect(body.pending).toBe(false);
  const { rows } = await client.query('SELECT FROM flow.flows WHERE user_id = $1', ['u3']);
  expect(rows).toEqual([]);
});

it('is gone from the dead letters, which keep those of others', async () => {
  const [mine, other] = [chatFlow({ userId: 'u4' }), chatFlow({ userId: 'u5' })];
  const bad = (event: FlowEvent | undefined) => ({ ...event, ts: -1 });
  await addEvents(redis, keys, [
    ...mine.slice(0, 2),
    // Of a flow whose user is in history, and of one whose user is told by a dead letter alone.
    bad(mine[2]),
    bad(chatFlow({ userId: 'u4' })[1]),
    bad(other[1]),
    bad(other[2]),
  ]);
  await redis.xadd(keys.stream(0), '*', 'events', '[{"user_id": "u4", "prompt": "cut off');
  await untilSettled(redis, keys);
  expect(await redis.xlen(keys.dead)).toBe(5);

  await erase('u4');
  const texts = (await redis.xrange(keys.dead, '-', '+')).map(([, fields]) => fields.join(' '));
  expect(texts).toHaveLength(2);
  for (const text of texts) expect(text).toContain(other[0]?.flow_id);
});
