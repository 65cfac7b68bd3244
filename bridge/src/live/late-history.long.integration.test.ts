import { redisKeys } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow } from '../../../test/support/flow-events';
import { connectLive } from '../../../test/support/live-client';
import { startTestRedisService, type TestRedisService } from '../../../test/support/redis-topology';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';

/** Longer than a killed bridge holds an entry. */
const LATE_MS = 30_000;
/** What is written is in a look so soon: looks are 10 s apart. */
const SEEN_WITHIN_MS = 12_000;

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let service: TestRedisService;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  service = await startTestRedisService();
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: service.env });
});

afterAll(async () => {
  await bridge.stop();
  await service.deleteKeys(prefix);
  await service.close();
  await database.drop();
});

it('shows a viewer what was recorded before it came, however late history has it', async () => {
  const locker = new Client({ connectionString: database.url });
  await locker.connect();
  // Rows can be read, and none can be written.
  await locker.query('BEGIN; LOCK TABLE flow.flows IN EXCLUSIVE MODE');
  try {
    const events = chatFlow({ userId: 'late' });
    await addEvents(service.client, keys, events);
    const viewer = await connectLive(`${bridge.liveUrl}/late`);
    expect((await viewer.next('snapshot')).flows).toEqual([]);
    await delay(LATE_MS);
    expect(viewer.received.filter(({ frame }) => frame.type === 'snapshot')).toHaveLength(1);
    await locker.query('COMMIT');
    const endedFlows = await waitFor(
      'the viewer has the flow, ended',
      () => {
        const frame = viewer.received.at(-1)?.frame;
        if (frame?.type !== 'snapshot' || frame.flows.some(({ status }) => status === 'running')) return undefined;
        return frame.flows.length > 0 && frame.flows.map(({ flow_id }) => flow_id);
      },
      SEEN_WITHIN_MS,
    );
    expect(endedFlows).toEqual([events[0]!.flow_id]);
    await viewer.close();
  } finally {
    await locker.end();
  }
}, 90_000);
