import type { FlowRecord } from '@flow-tracking/protocol';
import { request, startTestBridge } from '../support/bridge';
import { createTestDatabase, uniquePrefix } from '../support/services';
import { waitFor } from '../support/wait-for';
import { newSpanId, newTraceId, postSpans, spanOf } from './span-message';

it('a flow of spans that falls silent is lost, and goes on when its end comes after all', async () => {
  const database = await createTestDatabase();
  const env = { FLOW_LOST_AFTER_S: '60', FLOW_STALLED_AFTER_S: '30' };
  const bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix(), env });
  const [silent, live, spanId] = [newTraceId(), newTraceId(), newSpanId()];
  const startMs = Date.now() - 120_000;
  await postSpans(bridge.url, [spanOf({ traceId: silent, spanId, name: 'turn', startMs, isPending: true })]);
  await postSpans(bridge.url, [spanOf({ traceId: live, name: 'turn', isPending: true })]);
  const flowOf = async (traceId: string): Promise<FlowRecord | undefined> => {
    const { body } = await request(`${bridge.url}/api/v1/flows?q=${traceId}`);
    return (body as { flows: FlowRecord[] }).flows[0];
  };
  await waitFor('the silent one is lost', async () => (await flowOf(silent))?.status === 'lost', 25_000);
  expect(await flowOf(live)).toMatchObject({ status: 'running' });
  await postSpans(bridge.url, [spanOf({ traceId: silent, spanId, name: 'turn', startMs, endMs: Date.now() })]);
  await waitFor('it has ended', async () => (await flowOf(silent))?.status === 'ok');
  expect(await flowOf(silent)).toMatchObject({ name: 'turn', checkpoint_count: 1 });
  await bridge.stop();
  await database.drop();
});
