import { redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import type { Client } from 'pg';
import { isFiring, readAlertRules, sqlOf } from './support/alert-rules';
import { startTestBridge } from './support/bridge';
import { addEvents, chatFlow } from './support/flow-events';
import { connectHistory } from './support/history-rows';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

const MINUTE = 60_000;
const rules = readAlertRules().groups.flatMap((group) => group.rules);
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
  await bridge.stop();
  await client.end();
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
  await database.drop();
});

async function firing(uid: string): Promise<Record<string, unknown>[]> {
  const rule = rules.find((candidate) => candidate.uid === uid)!;
  const { rows } = await client.query<{ value: number }>(sqlOf(rule));
  return rows.filter(({ value }) => isFiring(rule, value));
}

/** Sends events, and waits until history has them. */
async function send(events: readonly FlowEvent[]): Promise<void> {
  const before = bridge.counts.written;
  await addEvents(redis, keys, events);
  await waitFor('the events are written', async () => bridge.counts.written === before + events.length);
}

/** A flow whose model call took, or takes, so long. */
function flowWithCall(startedTs: number, callMs: number): FlowEvent[] {
  return chatFlow({ startedTs, userId: 'nobody watches' })
    .filter((event) => !('checkpoint' in event) || event.checkpoint === 'llm_thinking')
    .map((event) => {
      if (event.type === 'checkpoint_end') return { ...event, ts: startedTs + callMs, duration_ms: callMs };
      if (event.type === 'flow_end') return { ...event, ts: startedTs + callMs, duration_ms: callMs };
      return event;
    });
}

describe('alerts on what a bridge writes', () => {
  it('still running: fires while a call of an unmonitored user hangs, and not after', async () => {
    const startedTs = Date.now() - 11 * MINUTE;
    const events = flowWithCall(startedTs, 11 * MINUTE);
    const begun = events.filter(({ type }) => type !== 'checkpoint_end' && type !== 'flow_end');
    await send(begun);
    expect(await firing('flow-still-running')).toMatchObject([
      { flow: events[0]?.flow_id, user: 'nobody watches', service: 'chat', checkpoint: 'llm_thinking' },
    ]);
    await send(events.slice(begun.length));
    expect(await firing('flow-still-running')).toEqual([]);
  });

  it('slow checkpoint and error rate: fire from the roll-up that the bridge keeps', async () => {
    expect(await firing('flow-error-rate')).toEqual([]);
    const endedTs = Date.now();
    for (let i = 0; i < 20; i++) {
      const events = flowWithCall(endedTs - 40_000 - i, 40_000);
      await send(
        events.map((event) =>
          event.type === 'checkpoint_end' && i < 2
            ? { ...event, status: 'error', error: { type: 'TimeoutError', message: 'too long' } }
            : event,
        ),
      );
    }
    expect(await firing('flow-slow-checkpoint')).toMatchObject([{ checkpoint: 'llm_thinking' }]);
    expect(await firing('flow-error-rate')).toMatchObject([
      { checkpoint: 'llm_thinking', value: expect.closeTo(9.5, 1) },
    ]);
  });

  it('bridges: nothing fires while one runs and history keeps up, nor right after a stop', async () => {
    await waitFor('the bridge has told how it is', async () => {
      const { rowCount } = await client.query('SELECT FROM flow.bridge_status WHERE lag_s IS NOT NULL');
      return rowCount === 1;
    });
    for (const uid of ['flow-bridge-silent', 'flow-history-behind', 'flow-lost']) expect(await firing(uid)).toEqual([]);
    await bridge.stop();
    expect(await firing('flow-bridge-silent')).toEqual([]);
  });
});
