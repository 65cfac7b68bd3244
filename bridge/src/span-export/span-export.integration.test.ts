import {
  isTraceFlow,
  redisKeys,
  traceFlowId,
  type CheckpointRecord,
  type FlowDetail,
  type FlowRecord,
} from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request, startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow } from '../../../test/support/flow-events';
import { readSpans, type SentSpan } from '../../../test/support/published-otlp';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';
import { createFailures } from '../platform/failures';
import { createLogger } from '../platform/logger';
import { createPool } from '../platform/postgres/pool';
import { startSpanExport } from './start-span-export';

/** A collector that takes what the published definitions allow, and answers as it is told. */
async function startCollector(): Promise<{
  url: string;
  spans: SentSpan[];
  requests: { path: string; headers: IncomingHttpHeaders; body: string }[];
  answers: { status: number; headers?: Record<string, string>; body?: string }[];
  server: Server;
}> {
  const spans: SentSpan[] = [];
  const requests: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const answers: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  const server = createServer((req, res) => {
    let text = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    req.on('end', () => {
      requests.push({ path: req.url ?? '', headers: req.headers, body: text });
      const { status, headers = {}, body = '{}' } = answers.shift() ?? { status: 200 };
      void readSpans(text)
        .then((read) => {
          if (status === 200) spans.push(...read);
          res.writeHead(status, headers).end(body);
        })
        .catch((error: unknown) => res.writeHead(400).end(String(error)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, spans, requests, answers, server };
}

const prefix = uniquePrefix();
const keys = redisKeys(prefix);
let redis: Redis;
let database: TestDatabase;
let collector: Awaited<ReturnType<typeof startCollector>>;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  collector = await startCollector();
  bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix,
    env: {
      FLOW_OTLP_ENDPOINT: collector.url,
      FLOW_OTLP_HEADERS: 'x-scope-orgid=team%20a,authorization=Bearer%20secret',
    },
  });
});

afterAll(async () => {
  await bridge.stop();
  collector.server.close();
  await redis.del(...(await redis.keys(`${prefix}*`)), keys.dead);
  await redis.quit();
  await database.drop();
});

const spansOf = (flowId: string): SentSpan[] => {
  const root = collector.spans.find(({ attributes }) => attributes['flow.id'] === flowId);
  return collector.spans.filter(({ traceId }) => traceId === root?.traceId);
};

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${bridge.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

describe('finished flows', () => {
  it('are sent with the headers that are set, and agree with history', async () => {
    const events = chatFlow();
    await addEvents(redis, keys, events, 0);
    const flowId = events[0]!.flow_id;
    await waitFor('its spans', () => spansOf(flowId).length > 0);
    const { body } = await request(`${bridge.url}/api/v1/flows/${flowId}`);
    const { flow, checkpoints } = body as FlowDetail;
    const spans = spansOf(flowId);
    expect(spans.map(({ name }) => name).sort()).toEqual(
      [flow.name, ...checkpoints.map(({ checkpoint }) => checkpoint)].sort(),
    );
    const { path, headers } = collector.requests[0]!;
    expect(path).toBe('/v1/traces');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-scope-orgid': 'team a',
      authorization: 'Bearer secret',
    });
    expect(await metric('flow_bridge_span_export_spans_total{outcome="taken"}')).toBe(spans.length);
  });

  it('are not sent while they run', async () => {
    const [running, ended] = [chatFlow(), chatFlow()];
    await addEvents(redis, keys, running.slice(0, 4), 0);
    await addEvents(redis, keys, ended, 0);
    await waitFor('spans', () => spansOf(ended[0]!.flow_id).length > 0);
    expect(spansOf(running[0]!.flow_id)).toEqual([]);
  });

  it('are not sent if they came as spans', async () => {
    const flowId = traceFlowId(Date.now(), 'ab'.repeat(16));
    const ended = chatFlow();
    await addEvents(redis, keys, [...chatFlow().map((event) => ({ ...event, flow_id: flowId })), ...ended]);
    await waitFor('spans', () => spansOf(ended[0]!.flow_id).length > 0);
    expect(spansOf(flowId)).toEqual([]);
  });

  it('come again after the time that the collector asks for', async () => {
    collector.answers.push({ status: 503, headers: { 'retry-after': '0' } }, { status: 429 });
    const before = collector.requests.length;
    const events = chatFlow();
    await addEvents(redis, keys, events, 1);
    await waitFor('spans', () => spansOf(events[0]!.flow_id).length > 0);
    expect(collector.requests.length - before).toBe(3);
  });

  it('are counted when the collector refuses them, and others go on', async () => {
    collector.answers.push({ status: 400 }, { status: 200, body: '{"partialSuccess":{"rejectedSpans":"2"}}' });
    const [refused, taken] = [chatFlow(), chatFlow()];
    await addEvents(redis, keys, refused, 0);
    await waitFor(
      'the count',
      async () => (await metric('flow_bridge_span_export_dropped_flows_total{reason="refused"}')) === 1,
    );
    await addEvents(redis, keys, taken, 0);
    await waitFor('spans', () => spansOf(taken[0]!.flow_id).length > 0);
    expect(spansOf(refused[0]!.flow_id)).toEqual([]);
    await waitFor(
      'the count',
      async () => (await metric('flow_bridge_span_export_spans_total{outcome="rejected"}')) === 2,
    );
  });
});

/** A span as a round trip keeps it; times in µs, which is what a flow has. */
const kept = ({ traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano, status }: SentSpan) => ({
  traceId,
  spanId,
  parentSpanId,
  name,
  startUs: Number(BigInt(startTimeUnixNano) / 1_000n),
  endUs: Number(BigInt(endTimeUnixNano) / 1_000n),
  status,
});

const takeSpans = (body: string): Promise<Response> =>
  fetch(`${bridge.url}/v1/traces`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });

async function flowOfTrace(traceId: string, checkpoints: number): Promise<FlowDetail> {
  return waitFor(`the flow of the trace`, async () => {
    const { body } = await request(`${bridge.url}/api/v1/flows?q=${traceId}`);
    const { flows } = body as { flows: FlowRecord[] };
    const came = flows.find(
      (flow) => isTraceFlow(flow.flow_id) && flow.status !== 'running' && flow.checkpoint_count === checkpoints,
    );
    return came && ((await request(`${bridge.url}/api/v1/flows/${came.flow_id}`)).body as FlowDetail);
  });
}

describe('a round trip', () => {
  it('gives back the spans that came, where they are forwarded', async () => {
    const traceId = randomBytes(16).toString('hex');
    const [gateway, root, chat, tool] = Array.from({ length: 4 }, () => randomBytes(8).toString('hex'));
    const at = (ms: number): string => `${BigInt(Date.now()) - 1_000n + BigInt(ms)}250000`;
    const span = (spanId: string, parentSpanId: string, name: string, more: object): object => ({
      ...{ traceId, spanId, parentSpanId, name, startTimeUnixNano: at(0), endTimeUnixNano: at(900) },
      ...more,
    });
    const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
    const body = JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [text('service.name', 'agent')] },
          scopeSpans: [
            {
              spans: [
                span(tool!, chat!, 'execute_tool search', {
                  attributes: [text('gen_ai.operation.name', 'execute_tool')],
                  status: { code: 2, message: 'no index' },
                }),
                span(chat!, root!, 'chat gpt-5', { attributes: [text('gen_ai.operation.name', 'chat')] }),
                // Its parent is of another process, which sends its spans elsewhere.
                span(root!, gateway!, 'GET /ask', { flags: 0x300, attributes: [text('user.id', 'ann')] }),
              ],
            },
          ],
        },
      ],
    });
    expect((await takeSpans(body)).status).toBe(200);
    const { flow } = await flowOfTrace(traceId, 3);

    const logger = createLogger('silent', 'json');
    const pool = createPool(database.url, logger);
    const forwarding = startSpanExport({
      target: { url: `${collector.url}/v1/traces`, headers: {}, forwardsSpans: true },
      pool,
      version: '1.2.3',
      failures: createFailures(logger),
      settleMs: 0,
    });
    forwarding.ended([flow.flow_id]);
    await waitFor('three spans', () => forwarding.counts.sent === 3);
    const ofTrace = collector.spans.filter((sent) => sent.traceId === traceId);
    await forwarding.stop();
    await pool.end();
    const byId = (spans: SentSpan[]): object[] => spans.map(kept).sort((a, b) => a.spanId.localeCompare(b.spanId));
    // The published definitions are older than the flags.
    expect(byId(ofTrace)).toEqual(byId(await readSpans(body.replace('"flags":768,', ''))));
    expect(ofTrace.map(({ service }) => service)).toEqual(['agent', 'agent', 'agent']);
    expect(ofTrace.find(({ name }) => name === 'GET /ask')?.attributes).toEqual({ 'user.id': 'ann' });
  });

  it('keeps names, times and parents of what the middleware recorded', async () => {
    const events = chatFlow();
    await addEvents(redis, keys, events, 0);
    const flowId = events[0]!.flow_id;
    const sent = await waitFor('its message', () => collector.requests.find(({ body }) => body.includes(flowId)));
    const recorded = (await request(`${bridge.url}/api/v1/flows/${flowId}`)).body as FlowDetail;
    expect((await takeSpans(sent.body)).status).toBe(200);
    const { flow, checkpoints } = await flowOfTrace(spansOf(flowId)[0]!.traceId, recorded.checkpoints.length + 1);
    const pathsOf = (nodes: readonly CheckpointRecord[], top: string): string[] => {
      const names = new Map(nodes.map((node) => [node.node_id, node]));
      const pathOf = (node: CheckpointRecord | undefined): string =>
        node === undefined ? top : `${pathOf(names.get(node.parent_id ?? -1))}/${node.checkpoint}`;
      const endOf = ({ ended_ts: endedTs, started_ts: startedTs }: CheckpointRecord): number => endedTs ?? startedTs;
      return nodes.map((node) => `${pathOf(node)} ended ${endOf(node)}`).sort();
    };
    expect(flow.name).toBe(recorded.flow.name);
    expect(flow.started_ts).toBe(recorded.flow.started_ts);
    const [top, ...others] = pathsOf(checkpoints, '');
    expect(top).toBe(`/${recorded.flow.name} ended ${recorded.flow.ended_ts}`);
    expect(others).toEqual(pathsOf(recorded.checkpoints, `/${recorded.flow.name}`));
  });
});
