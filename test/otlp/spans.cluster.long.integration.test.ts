import type { FlowRecord } from '@flow-tracking/protocol';
import { request, startTestBridge } from '../support/bridge';
import { connectLive } from '../support/live-client';
import { startTestCluster } from '../support/redis-cluster';
import { createTestDatabase, uniquePrefix } from '../support/services';
import { waitFor } from '../support/wait-for';
import { newSpanId, newTraceId, postSpans, spanOf } from './span-message';

const TRACES = 60;
const SPANS = 20;

it('spans on a Redis Cluster: two bridges with a half of each trace, a viewer, and all of it twice', async () => {
  const cluster = await startTestCluster();
  const database = await createTestDatabase();
  const prefix = uniquePrefix();
  const env = { REDIS_URL: cluster.urls.join(','), FLOW_PARTITIONS: '4' };
  const bridges = [
    await startTestBridge({ databaseUrl: database.url, prefix, env }),
    await startTestBridge({ databaseUrl: database.url, prefix, env }),
  ];
  const [first, second] = bridges.map(({ url }) => url) as [string, string];
  await request(`${first}/api/v1/monitoring/enable/zoe?ttl_hours=1`, { method: 'POST' });
  const viewer = await connectLive(`${bridges[1]!.liveUrl}/zoe`);
  await viewer.next('snapshot');

  const traces = Array.from({ length: TRACES }, () => ({ traceId: newTraceId(), root: newSpanId() }));
  const attributes = { 'user.id': 'zoe' };
  // Traces of all partitions in one request, so that it goes to several nodes.
  const children = traces.flatMap(({ traceId, root }) =>
    Array.from({ length: SPANS - 1 }, () => spanOf({ traceId, parentId: root, attributes })),
  );
  const roots = traces.map(({ traceId, root }) => spanOf({ traceId, spanId: root, name: 'turn', attributes }));
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all([postSpans(first, children), postSpans(second, roots)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  }
  await viewer.next('events', ({ events }) => events.some(({ type }) => type === 'flow_end'));
  for (const { traceId } of traces) {
    await waitFor('the flow is whole', async () => {
      const { body } = await request(`${first}/api/v1/flows?q=${traceId}`);
      const { flows } = body as { flows: FlowRecord[] };
      expect(flows).toMatchObject([{ name: 'turn', user_id: 'zoe', status: 'ok', checkpoint_count: SPANS }]);
      return true;
    });
  }
  await viewer.close();
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await database.drop();
  await cluster.remove();
});
