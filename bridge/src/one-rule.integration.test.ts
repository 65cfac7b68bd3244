import { ATTRIBUTES, createFlowIds, type Attributes, type FlowEvent } from '@flow-tracking/protocol';
import { emptyFlow, joinEvents, viewFlow } from '@flow-tracking/protocol/model';
import { join } from 'node:path';
import { Pool } from 'pg';
import { seededRandom, shuffle } from '../../protocol/src/testing/sample-events';
import { createTestDatabase, type TestDatabase } from '../../test/support/services';
import { migrate } from './platform/postgres/migrations';
import { createFlowHistory } from './query/flows/flow-history';
import { writeBatch, type BatchOptions } from './ingest/history-batch';

/** What Postgres makes of events is what the model in the contract makes of them, however they are delivered. */

const T0 = Date.now() - 600_000;
const FLOWS = 25;
const MODELS = ['sim-1', 'sim-2'];
const END_STATUSES = ['ok', 'error', 'aborted', 'timed_out'] as const;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url });
  await migrate(pool, join(__dirname, '../../migrations'));
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Flows as a middleware could record them, some of them cut off where their process died. */
function createFlows(random: () => number): FlowEvent[][] {
  const nextFlowId = createFlowIds();
  const below = (n: number) => Math.floor(random() * n);
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const maybe = <T>(value: T): T | undefined => (random() < 0.5 ? value : undefined);
  const attributes = (): Attributes => ({
    ...(random() < 0.5 && { [ATTRIBUTES.requestModel]: one(MODELS) }),
    ...(random() < 0.3 && { [ATTRIBUTES.inputTokens]: below(900), [ATTRIBUTES.outputTokens]: below(700) }),
    ...(random() < 0.3 && { [ATTRIBUTES.firstChunkMs]: below(2_000) }),
    ...(random() < 0.5 && { note: below(5), nested: { list: [below(9), null, 'ü'] } }),
  });

  /** One of the three at least. */
  const identity = (user_id?: string, session_id?: string, name?: string, started_ts = 0) => ({
    ...(user_id !== undefined && { user_id }),
    ...(session_id !== undefined && { session_id }),
    ...(name !== undefined && { name, started_ts }),
    ...(user_id === undefined && session_id === undefined && name === undefined && { user_id: 'one-at-least' }),
  });

  return Array.from({ length: FLOWS }, (_, i) => {
    const startedTs = T0 + i * 1_000;
    const flow_id = nextFlowId(startedTs);
    const events: FlowEvent[] = [];
    const running: { node_id: number; parent_id: number | null; checkpoint: string; started_ts: number }[] = [];
    const base = () => ({ flow_id, seq: events.length, ts: startedTs + 7 * events.length });
    const failed = () => ({ type: one(['TimeoutError', 'TypeError']), message: `step ${events.length} failed` });
    events.push({
      ...base(),
      type: 'flow_start',
      session_id: `session-${i}`,
      name: 'POST /ask/stream',
      service: 'chat',
      instance: 'chat-1',
      ...(random() < 0.3 && { user_id: 'early' }),
      ...(random() < 0.3 && { trace_id: 'f'.repeat(32), attributes: { 'app.plan': one(['team', 'free']) } }),
    });
    for (let steps = below(14); steps > 0; steps--) {
      const kind = random();
      if (kind < 0.1) {
        const session_id = maybe(`later-${i}-${steps}`);
        events.push({
          ...base(),
          type: 'flow_identified',
          ...identity(maybe(`user-${below(4)}`), session_id, maybe(`root-${i}-${steps}`), startedTs - below(3)),
        });
      } else if (kind < 0.45 && running.length > 0) {
        const [ended] = running.splice(below(running.length), 1);
        const isError = random() < 0.3;
        const now = base();
        events.push({
          ...now,
          type: 'checkpoint_end',
          ...ended!,
          status: isError ? 'error' : 'ok',
          duration_ms: now.ts - ended!.started_ts,
          attributes: attributes(),
          ...(isError && { error: failed() }),
        });
      } else {
        const now = base();
        const parent_id = running.length > 0 && random() < 0.6 ? one(running).node_id : null;
        const node = { node_id: now.seq, parent_id, checkpoint: one(['llm_thinking', 'tool_call', 'auth_check']) };
        const status = one(['running', 'running', 'ok', 'error'] as const);
        events.push({
          ...now,
          type: 'checkpoint',
          ...node,
          status,
          attributes: attributes(),
          ...(status !== 'running' && { duration_ms: 7 }),
          ...(status === 'error' && { error: failed() }),
        });
        if (status === 'running') running.push({ ...node, started_ts: now.ts });
      }
    }
    if (random() < 0.8) {
      const status = one(END_STATUSES);
      const now = base();
      events.push({
        ...now,
        type: 'flow_end',
        status,
        duration_ms: now.ts - startedTs,
        ...(random() < 0.7 && { http_status: status === 'ok' ? 200 : 500 }),
        ...(status === 'error' && { error: failed() }),
      });
    }
    return events;
  });
}

/** Each event once to three times, in any order, cut anywhere. */
function deliveriesOf(flows: readonly FlowEvent[][], random: () => number): FlowEvent[][] {
  const repeated = flows.flat().flatMap((event) => Array<FlowEvent>(1 + Math.floor(random() * 3)).fill(event));
  const events = shuffle(repeated, random);
  const batches: FlowEvent[][] = [];
  for (let at = 0; at < events.length;) {
    const size = 1 + Math.floor(random() * 60);
    batches.push(events.slice(at, at + size));
    at += size;
  }
  return batches;
}

const tokensIn = (checkpoints: readonly { attributes: Attributes }[], name: string): number | null => {
  const told = checkpoints.flatMap(({ attributes }) =>
    typeof attributes[name] === 'number' ? [attributes[name]] : [],
  );
  return told.length === 0 ? null : told.reduce((sum, tokens) => sum + tokens, 0);
};

/** The flow as the model has it once all events are known; tokens are summed by history alone. */
function expected(events: readonly FlowEvent[]) {
  const { flow, checkpoints } = viewFlow(joinEvents(emptyFlow(events[0]!.flow_id), events));
  return {
    flow: {
      ...flow,
      input_tokens: tokensIn(checkpoints, ATTRIBUTES.inputTokens),
      output_tokens: tokensIn(checkpoints, ATTRIBUTES.outputTokens),
    },
    checkpoints,
  };
}

describe('rows', () => {
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'are what the model makes of events in any order, repeated and split, by two writers at once (seed %d)',
    async (seed) => {
      const random = seededRandom(seed);
      const flows = createFlows(random);
      const counts = { written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 };
      const options = { pool, counts, onBatch: () => undefined } as unknown as BatchOptions;
      const batches = deliveriesOf(flows, random);
      const write = async (): Promise<void> => {
        for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) await writeBatch(options, batch);
      };
      await Promise.all([write(), write()]);

      const history = createFlowHistory(pool);
      for (const events of flows) {
        const { flow, checkpoints } = await history.flow(events[0]!.flow_id);
        const model = expected(events);
        expect(checkpoints).toEqual(model.checkpoints);
        expect(flow).toEqual(model.flow);
      }
    },
  );
});
