import { flowTracking, type FlowTracking } from '@flow-tracking/express';
import { redisKeys, type ServerFrame } from '@flow-tracking/protocol';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { NO_FLOWS, reduceFlows, viewFlows, type FlowInput, type Flows } from '@flow-tracking/protocol/model';
import { request } from './support/bridge';
import { untilSettled } from './support/flow-events';
import { freePort } from './support/free-port';
import { times } from './support/length';
import { startNode, untilHealthy, type TestProcess } from './support/process';
import { startTestRedisService, type TestRedisService } from './support/redis-topology';
import { createTestDatabase, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

/** RELIABILITY.md: of acknowledged XADDs, 0 lost and 0 duplicated rows; a viewer that reconnects ends with history's tree. */

const MAIN = join(__dirname, '..', 'bridge', 'dist', 'main.js');
const KILLS = times({ short: 3, full: 10 });
/** More flows than that are watched. */
const WATCHED = times({ short: 1, full: 5 });
const PARTITIONS = 4;
const prefix = uniquePrefix();
const keys = redisKeys(prefix);

interface BridgeProcess {
  url: string;
  liveUrl: string;
  start(): Promise<void>;
  process: TestProcess;
}

let redis: TestRedisService;
let database: TestDatabase;
let client: Client;
const bridges: BridgeProcess[] = [];
const trackings: FlowTracking[] = [];
const viewers: ReturnType<typeof watchFrom>[] = [];

async function prepareBridge(): Promise<BridgeProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const launch = () =>
    startNode([MAIN], {
      ...redis.env,
      DATABASE_URL: database.url,
      FLOW_PREFIX: prefix,
      FLOW_PARTITIONS: String(PARTITIONS),
      FLOW_BRIDGE_PORT: String(port),
      LOG_LEVEL: 'warn',
    });
  const bridge: BridgeProcess = {
    url,
    liveUrl: `ws://127.0.0.1:${port}/ws/flows/watched`,
    process: launch(),
    async start() {
      bridge.process = launch();
      await untilHealthy(bridge.process, `${url}/healthz`);
    },
  };
  await untilHealthy(bridge.process, `${url}/healthz`);
  return bridge;
}

beforeAll(async () => {
  redis = await startTestRedisService();
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  for (let i = 0; i < 3; i++) bridges.push(await prepareBridge());
}, 60_000);

afterAll(async () => {
  for (const viewer of viewers) viewer.close();
  await Promise.all(trackings.map((tracking) => tracking.close()));
  await Promise.all(bridges.map((bridge) => bridge.process.stop()));
  await client.end();
  await redis.deleteKeys(prefix);
  await redis.close();
  await database.drop();
});

async function historyOf(flowId: string): Promise<FlowInput> {
  const { body } = await request(`${bridges[0]!.url}/api/v1/flows/${flowId}`);
  return { kind: 'records', flows: [body.flow], checkpoints: body.checkpoints, complete: true };
}

/** A viewer as the plugin is one: it joins what it gets, and goes to the next bridge when it loses its own. */
function watchFrom(first: number) {
  let flows: Flows = NO_FLOWS;
  let at = first;
  let closed = false;
  let socket: WebSocket;
  let reconnects = -1;
  const connect = (): void => {
    reconnects += 1;
    socket = new WebSocket(bridges[at]!.liveUrl);
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as ServerFrame;
      if (frame.type === 'events') join({ kind: 'events', events: frame.events });
      else if (frame.type === 'snapshot') join({ kind: 'records', ...frame, complete: true });
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (closed) return;
      at = (at + 1) % bridges.length;
      setTimeout(() => !closed && connect(), 50);
    });
  };
  const join = (input: FlowInput): void => {
    flows = reduceFlows(flows, input);
  };
  connect();
  return {
    get reconnects() {
      return reconnects;
    },
    /** What the viewer would draw, as far as it is the flows' own. */
    tree: () =>
      viewFlows(flows).map(({ flow, checkpoints, missing }) => ({
        flow: [flow.flow_id, flow.status, flow.duration_ms, flow.checkpoint_count],
        nodes: checkpoints.map((node) => [
          node.node_id,
          node.parent_id,
          node.checkpoint,
          node.status,
          node.duration_ms,
        ]),
        missing,
      })),
    /** Asks history for the flows of which an event has not come, as the plugin does. */
    async fillGaps() {
      for (const { flow, missing } of viewFlows(flows)) {
        if (missing.length > 0) join(await historyOf(flow.flow_id));
      }
    },
    close() {
      closed = true;
      socket.terminate();
    },
  };
}

/** Runs one flow of six checkpoints that takes about `ms`. */
async function runFlow(tracking: FlowTracking, userId: string, ms: number): Promise<void> {
  const flow = tracking.startFlow({ name: 'POST /ask/stream', userId });
  for (const check of ['auth_check', 'block_check', 'usage_check']) flow.checkpoint(check, { status: 'passed' });
  const llm = flow.begin('llm_thinking', { 'gen_ai.request.model': 'sim-1' });
  await delay(ms / 2);
  const tool = llm.begin('tool_call', { 'gen_ai.tool.name': 'search' });
  await delay(ms / 2);
  tool.end();
  llm.end({ 'gen_ai.usage.output_tokens': 100 });
  flow.checkpoint('llm_complete');
  flow.end();
}

it(`loses and doubles nothing while one of three bridges is killed ${KILLS} times under load`, async () => {
  const enabled = await request(`${bridges[1]!.url}/api/v1/monitoring/enable/watched`, { method: 'POST' });
  expect(enabled.status).toBe(200);
  for (let i = 0; i < 4; i++) {
    trackings.push(flowTracking({ redis: redis.option, prefix, partitions: PARTITIONS, service: 'chat' }));
  }
  await waitFor('the middlewares know who is monitored', () =>
    trackings.every((tracking) => tracking.stats().monitoring.users === 1),
  );
  viewers.push(watchFrom(0), watchFrom(1), watchFrom(2));

  let running = true;
  const flows: Promise<void>[] = [];
  const load = (async () => {
    for (let i = 0; running; i++) {
      // 16 flows at a time; one in 400 is watched.
      for (let k = 0; k < 16; k++) {
        const n = i * 16 + k;
        flows.push(runFlow(trackings[n % 4]!, n % 400 === 0 ? 'watched' : `user-${n % 50}`, 100 + (n % 400)));
      }
      await delay(25);
    }
  })();
  for (let kill = 0; kill < KILLS; kill++) {
    const victim = bridges[kill % 3]!;
    await delay(600);
    victim.process.child.kill('SIGKILL');
    expect(await victim.process.exited).toBe('SIGKILL');
    await victim.start();
  }
  running = false;
  await load;
  await Promise.all(flows);
  await Promise.all(trackings.map((tracking) => tracking.close()));
  const recorded = trackings.map((tracking) => tracking.stats());
  expect(recorded.every((stats) => Object.values(stats.dropped).every((count) => count === 0))).toBe(true);

  // What a killed bridge held is taken over by the others.
  await untilSettled(redis.client, keys, { partitions: PARTITIONS, timeoutMs: 60_000 });

  const { rows } = await client.query<Record<string, unknown>>(`SELECT
      (SELECT count(*)::int FROM flow.flows) AS flows,
      (SELECT count(*)::int FROM flow.flows WHERE status = 'ok' AND checkpoint_count = 6 AND last_seq = 9 AND output_tokens = 100) AS whole,
      (SELECT count(*)::int FROM flow.checkpoints) AS checkpoints,
      (SELECT count(*)::int FROM flow.checkpoints WHERE status = 'ok' AND duration_ms IS NOT NULL) AS ended,
      (SELECT array_agg(n::int) FROM (SELECT sum(count) AS n FROM flow.checkpoint_stats GROUP BY slot_s) AS s) AS stats`);
  const nodes = flows.length * 6;
  expect(rows[0]).toEqual({
    flows: flows.length,
    whole: flows.length,
    checkpoints: nodes,
    ended: nodes,
    stats: [nodes, nodes, nodes],
  });
  expect(await redis.client.exists(keys.dead)).toBe(0);
  expect(flows.length).toBeGreaterThan(300 * KILLS);

  // Every viewer lost a bridge, and has the watched flows as history has them.
  const { body } = await request(`${bridges[0]!.url}/api/v1/flows/user/watched?limit=500`);
  let history: Flows = NO_FLOWS;
  for (const { flow_id: flowId } of body.flows as { flow_id: string }[]) {
    history = reduceFlows(history, await historyOf(flowId));
  }
  const expected = viewFlows(history).map(({ flow }) => flow.flow_id);
  expect(expected.length).toBeGreaterThan(WATCHED);
  for (const viewer of viewers) {
    expect(viewer.reconnects).toBeGreaterThan(0);
    // History has everything by now, and its looks are 10 s apart.
    const nextLookMs = 16_000;
    await waitFor(
      'the viewer knows each flow, and how it ended',
      async () => {
        await viewer.fillGaps();
        const flows = viewer.tree().map(({ flow }) => flow);
        const ended = flows.filter(([, status]) => status !== 'running').map(([flowId]) => flowId);
        const unknown = expected.filter((flowId) => !ended.includes(flowId));
        if (unknown.length === 0) return true;
        throw new Error(`It does not of ${unknown.join()}; it has ${flows.length} of ${expected.length}`);
      },
      nextLookMs,
    );
    const tree = viewer.tree();
    expect(tree.map(({ flow }) => flow[0])).toEqual(expected);
    for (const { flow, nodes: treeNodes, missing } of tree) {
      expect([flow[1], flow[3], treeNodes.length]).toEqual(['ok', 6, 6]);
      expect(treeNodes.every((node) => node[3] === 'ok')).toBe(true);
      expect(missing).toEqual([]);
    }
  }
}, 180_000);
