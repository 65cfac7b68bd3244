import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { flowTracking, type FlowTracking } from '@flow-tracking/express';
import { trackOpenAI } from '@flow-tracking/integrations/openai';
import { FlowSpanProcessor } from '@flow-tracking/integrations/otel';
import type { FlowDetail, FlowEvent } from '@flow-tracking/protocol';
import express from 'express';
import { Redis } from 'ioredis';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAI } from 'openai';
import { eventText, type ModelServer, startModelServer } from '../integrations/src/testing/model-server';
import { request, startTestBridge } from './support/bridge';
import { connectLive, type TestLiveClient } from './support/live-client';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

const prefix = uniquePrefix();
let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let tracking: FlowTracking;
let model: ModelServer;
let app: Server;

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix });
  tracking = flowTracking({ redis: redisUrl(), prefix, partitions: 2, userId: (req) => req.get('x-user') });
  model = await startModelServer();
  const openai = trackOpenAI(new OpenAI({ apiKey: 'k', baseURL: model.url }));
  const application = express().use(tracking);
  application.get('/ask', async (_req, res) => {
    const stream = await openai.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [],
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) res.write(chunk.choices[0]?.delta.content ?? '');
    res.end();
  });
  app = createServer(application).listen(0, '127.0.0.1');
  await waitFor('the server listens', () => app.listening);
});

afterAll(async () => {
  await new Promise((resolve) => app.close(resolve));
  await tracking.close();
  await Promise.all([model.close(), bridge.stop()]);
  const redis = new Redis(redisUrl());
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
  await database.drop();
});

/** Monitors the user, and waits until bridge, viewer and application know. */
async function watch(user: string): Promise<TestLiveClient> {
  const known = tracking.stats().monitoring.users;
  await request(`${bridge.url}/api/v1/monitoring/enable/${user}?ttl_hours=1`, { method: 'POST' });
  const viewer = await connectLive(`${bridge.liveUrl}/${user}`);
  await viewer.next('monitoring', (frame) => frame.enabled);
  await viewer.next('snapshot');
  await waitFor('the application knows the user', () => tracking.stats().monitoring.users > known);
  return viewer;
}

/** The first event that passes, once a viewer has it. */
async function seen(viewer: TestLiveClient, accept: (event: FlowEvent) => boolean): Promise<FlowEvent> {
  const { events } = await viewer.next('events', (frame) => frame.events.some(accept));
  return events.find(accept)!;
}

const begins = (name: string) => (event: FlowEvent) =>
  event.type === 'checkpoint' && event.checkpoint === name && event.status === 'running';

/** From Postgres, when the flow has ended there. */
const historyOf = (flowId: string): Promise<FlowDetail> =>
  waitFor('the flow has ended in history', async () => {
    const { body } = await request(`${bridge.url}/api/v1/flows/${flowId}`);
    return (body as FlowDetail).flow.status === 'ok' && (body as FlowDetail);
  });

it("a call by OpenAI's client is with the viewer while it runs, and its tokens in Postgres after", async () => {
  const viewer = await watch('openai-user');
  const answering = new Promise<ServerResponse>((resolve) => (model.answers = [(res) => resolve(res)]));
  const answer = fetch(`http://127.0.0.1:${(app.address() as AddressInfo).port}/ask`, {
    headers: { 'x-user': 'openai-user' },
  });
  const res = await answering;
  const begun = await seen(viewer, begins('llm_thinking'));
  expect(begun).toMatchObject({ attributes: { 'gen_ai.request.model': 'gpt-4o-mini' } });

  const chunk = { id: 'c1', object: 'chat.completion.chunk', model: 'gpt-4o-mini' };
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  res.write(eventText({ ...chunk, choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] }));
  res.write(eventText({ ...chunk, choices: [], usage: { prompt_tokens: 20, completion_tokens: 5 } }));
  res.end('data: [DONE]\n\n');
  expect(await (await answer).text()).toBe('Hi');
  await seen(viewer, ({ type }) => type === 'flow_end');

  const { checkpoints } = await historyOf(begun.flow_id);
  expect(checkpoints).toMatchObject([
    {
      checkpoint: 'llm_thinking',
      status: 'ok',
      attributes: {
        'gen_ai.usage.input_tokens': 20,
        'gen_ai.usage.output_tokens': 5,
        'gen_ai.response.finish_reasons': ['stop'],
        'flow.first_chunk_ms': expect.any(Number),
      },
    },
  ]);
  await viewer.close();
});

it('a span of OpenTelemetry is with the viewer while it runs, and the flow of its trace in Postgres after', async () => {
  const viewer = await watch('span-user');
  const provider = new NodeTracerProvider({ spanProcessors: [new FlowSpanProcessor({ tracking })] });
  const tracer = provider.getTracer('test');
  const job = tracer.startSpan('job', { attributes: { 'user.id': 'span-user', 'session.id': 'span-session' } });
  const { traceId } = job.spanContext();
  const parent = trace.setSpanContext(ROOT_CONTEXT, job.spanContext());
  const chat = tracer.startSpan('chat m', { attributes: { 'gen_ai.operation.name': 'chat' } }, parent);
  const begun = await seen(viewer, begins('llm_thinking'));

  chat.setAttributes({ 'gen_ai.usage.input_tokens': 7, 'gen_ai.usage.output_tokens': 3 });
  chat.end();
  job.end();
  await provider.forceFlush();

  const { flow, checkpoints } = await historyOf(begun.flow_id);
  expect(flow).toMatchObject({ name: 'job', user_id: 'span-user', session_id: 'span-session', trace_id: traceId });
  const [root, call] = checkpoints;
  expect(root).toMatchObject({ checkpoint: 'job', parent_id: null, status: 'ok' });
  expect(call).toMatchObject({
    checkpoint: 'llm_thinking',
    parent_id: root?.node_id,
    attributes: { 'gen_ai.usage.input_tokens': 7, 'gen_ai.usage.output_tokens': 3 },
  });
  await viewer.close();
});
