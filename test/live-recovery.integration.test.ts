import { flowTracking, type FlowTracking } from '@flow-tracking/express';
import { redisKeys, type FlowDetail } from '@flow-tracking/protocol';
import { NO_FLOWS, reduceFlows, viewFlows, type Flows } from '@flow-tracking/protocol/model';
import { request, startTestBridge } from './support/bridge';
import { connectLive, type TestLiveClient } from './support/live-client';
import { startTestRedisService, type TestRedisService } from './support/redis-topology';
import { createTestDatabase, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

const prefix = uniquePrefix();
const user = 'recovering';
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let service: TestRedisService;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let tracking: FlowTracking;

beforeAll(async () => {
  service = await startTestRedisService();
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: service.env });
  const urls = String(service.env['REDIS_URL']).split(',');
  tracking = flowTracking({ redis: urls.length > 1 ? urls : (urls[0] ?? ''), prefix, partitions: 2, logger: silent });
  await request(`${bridge.url}/api/v1/monitoring/enable/${user}`, { method: 'POST' });
  await waitFor('the middleware knows', () => tracking.stats().monitoring.users === 1);
});

afterAll(async () => {
  await tracking.close(500);
  await bridge.stop();
  await service.deleteKeys(prefix);
  await service.close();
  await database.drop();
});

/** Records a flow with a tree, its events some milliseconds apart so that a loss hits it anywhere. */
async function recordFlow(): Promise<string> {
  const flow = tracking.startFlow({ name: 'job', userId: user });
  const step = (): Promise<boolean> => tracking.flush();
  flow.checkpoint('auth_check');
  await step();
  const thinking = flow.begin('llm_thinking');
  await step();
  const tool = thinking.begin('tool_call');
  await step();
  tool.fail(new Error('no answer'));
  await step();
  thinking.end();
  flow.end();
  await step();
  return flow.id;
}

/** What a viewer's panel shows after all that it got. */
function flowsOf(clients: readonly TestLiveClient[]): Flows {
  let flows = NO_FLOWS;
  for (const { frame } of clients.flatMap(({ received }) => received)) {
    if (frame.type === 'events') flows = reduceFlows(flows, { kind: 'events', events: frame.events });
    if (frame.type === 'snapshot') {
      const { flows: records, checkpoints } = frame;
      flows = reduceFlows(flows, { kind: 'records', flows: records, checkpoints, complete: true });
    }
  }
  return flows;
}

const summary = ({ flow, checkpoints }: Pick<FlowDetail, 'flow' | 'checkpoints'>) => [
  flow.flow_id,
  flow.status,
  checkpoints.map((node) => [node.node_id, node.parent_id, node.checkpoint, node.status, node.duration_ms]),
];

async function expectSameAsHistory(flowIds: readonly string[], clients: readonly TestLiveClient[]): Promise<void> {
  const history = [];
  for (const flowId of [...flowIds].sort().reverse()) {
    const detail = await waitFor(`${flowId} is in history`, async () => {
      const { body } = await request(`${bridge.url}/api/v1/flows/${flowId}`);
      return body.flow?.status === 'ok' && (body as FlowDetail);
    });
    expect(detail.checkpoints).toHaveLength(3);
    history.push(summary(detail));
  }
  const shown = () => viewFlows(flowsOf(clients)).filter(({ flow }) => flowIds.includes(flow.flow_id));
  // What differs is told better by the comparison below.
  await waitFor('the viewer has seen the end of all', () => {
    const flows = shown();
    return flows.length === flowIds.length && flows.every(({ flow }) => flow.status === 'ok');
  }).catch(() => undefined);
  expect(shown().map(({ flow, checkpoints }) => summary({ flow, checkpoints: [...checkpoints] }))).toEqual(history);
}

describe('a viewer', () => {
  it('ends with the tree that history has, though the bridge lost Redis again and again while it published', async () => {
    const client = await connectLive(`${bridge.liveUrl}/${user}`);
    await client.next('snapshot');
    const flowIds: string[] = [];
    for (let i = 0; i < 8; i++) {
      const recording = recordFlow();
      await waitFor('the subscriber is there to be killed', async () => {
        return (await service.killConnections(`${prefix}-bridge:live`)) > 0;
      });
      flowIds.push(await recording);
    }
    await expectSameAsHistory(flowIds, [client]);
    const live = client.received.flatMap(({ frame }) => (frame.type === 'events' ? frame.events : []));
    // Something was missed indeed, and nothing came twice.
    expect(live.length).toBeLessThan(8 * 7);
    expect(new Set(live.map(({ flow_id, seq }) => `${flow_id} ${seq}`)).size).toBe(live.length);
    await client.close();
  });

  it('ends with the tree that history has, though it was away itself', async () => {
    const first = await connectLive(`${bridge.liveUrl}/${user}`);
    await first.next('snapshot');
    const channel = redisKeys(prefix).live(user);
    await waitFor('it is subscribed', async () => (await service.subscribers(channel)) > 0);
    const before = recordFlow();
    await first.next('events');
    await first.close();
    const away = await recordFlow();
    const during = recordFlow();
    const second = await connectLive(`${bridge.liveUrl}/${user}`);
    await expectSameAsHistory([await before, away, await during], [first, second]);
    await second.close();
    expect(await service.subscribers(channel)).toBeLessThanOrEqual(1);
  });
});
