import type { FlowDetail, FlowRecord } from '@flow-tracking/protocol';
import { join } from 'node:path';
import { request, startTestBridge } from './support/bridge';
import { startNode, type TestProcess } from './support/process';
import { createTestDatabase, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

const MAIN = join(__dirname, '..', 'examples', 'research-agent', 'dist', 'main.js');
/** The root, two calls of the model, three searches. */
const STEPS = 6;
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let agent: TestProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
  agent = startNode([MAIN, 'Who wrote the first program?'], {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${bridge.url}/v1/traces`,
  });
});

afterAll(async () => {
  await agent.stop();
  await bridge.stop();
  await database.drop();
});

async function detail(): Promise<FlowDetail | undefined> {
  const { body } = await request(`${bridge.url}/api/v1/flows?user=ada`);
  const [flow] = (body as { flows: FlowRecord[] }).flows;
  return flow && ((await request(`${bridge.url}/api/v1/flows/${flow.flow_id}`)).body as FlowDetail);
}

it("shows an agent's steps while they run, and its tree after", async () => {
  await waitFor('a call of the model that runs', async () => {
    const running = (await detail())?.checkpoints.find(({ checkpoint }) => checkpoint === 'llm_thinking');
    return running?.status === 'running';
  });
  await agent.exited;
  const { flow, checkpoints } = await waitFor('the end', async () => {
    const found = await detail();
    return found?.flow.status === 'ok' && found.checkpoints.length === STEPS && found;
  });
  expect(flow).toMatchObject({
    name: 'research',
    service: 'research-agent',
    user_id: 'ada',
    session_id: 'ada-research',
  });
  const root = checkpoints.find(({ parent_id: parentId }) => parentId === null);
  expect(root).toMatchObject({ checkpoint: 'research', status: 'ok' });
  const below = checkpoints.filter(({ parent_id: parentId }) => parentId === root?.node_id);
  expect(below.map(({ checkpoint }) => checkpoint).sort()).toEqual([
    'llm_thinking',
    'llm_thinking',
    'tool_call',
    'tool_call',
    'tool_call',
  ]);
  for (const { status } of below) expect(['ok', 'error']).toContain(status);
  const written = below.find(({ attributes }) => attributes['research.purpose'] === 'write');
  expect(written?.attributes).toMatchObject({
    'gen_ai.usage.output_tokens': 640,
    'otel.span_name': 'chat simulated-research-1',
  });
}, 60_000);
